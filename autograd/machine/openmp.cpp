#include "autograd/machine/openmp.h"

#include <dlfcn.h>

namespace autograd::openmp {
namespace {

// The build of OpenBLAS is known only when the program starts. So OpenMP is not linked; its
// functions are looked up.
struct Functions {
  int (*get_max_threads)();
  void (*set_num_threads)(int);
};
const Functions& functions() {
  static const Functions found{
      reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_max_threads")),
      reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"))};
  return found;
}

}  // namespace

OneThread::OneThread() {
  const Functions& omp = functions();
  if (omp.get_max_threads == nullptr || omp.set_num_threads == nullptr) return;
  before_ = omp.get_max_threads();
  if (before_ != 1) omp.set_num_threads(1);
}

OneThread::~OneThread() {
  if (before_ != 1) functions().set_num_threads(before_);
}

}  // namespace autograd::openmp
