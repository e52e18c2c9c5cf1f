#include "autograd/kernels/lapack.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

// Debian's OpenBLAS contains LAPACK, but no header for it. Fortran passes everything by address,
// and the lengths of strings after all other arguments.
extern "C" {
void ssyev_(const char* jobz, const char* uplo, const blasint* n, float* a, const blasint* lda,
            float* w, float* work, const blasint* lwork, blasint* info, std::size_t jobz_length,
            std::size_t uplo_length);
void dsyev_(const char* jobz, const char* uplo, const blasint* n, double* a, const blasint* lda,
            double* w, double* work, const blasint* lwork, blasint* info, std::size_t jobz_length,
            std::size_t uplo_length);
}

namespace autograd::kernels {
namespace {

void syev(blasint n, float* a, float* w, float* work, blasint length, blasint* info) {
  ssyev_("N", "U", &n, a, &n, w, work, &length, info, 1, 1);
}
void syev(blasint n, double* a, double* w, double* work, blasint length, blasint* info) {
  dsyev_("N", "U", &n, a, &n, w, work, &length, info, 1, 1);
}

template <class T>
bool eigenvalues_of(std::int64_t count, T* a, T* eigenvalues) {
  if (count == 0) return true;
  openblas_set_num_threads(1);  // the bits shall not depend on the number of processors
  // LAPACK may search for the eigenvalues of NaN without end.
  if (!std::all_of(a, a + count * count, [](T x) { return std::isfinite(x); })) return false;
  const auto n = static_cast<blasint>(count);
  blasint info = 0;
  T length = 0;
  syev(n, a, eigenvalues, &length, -1, &info);  // asks how much memory it wants
  std::vector<T> work(static_cast<std::size_t>(length));
  syev(n, a, eigenvalues, work.data(), static_cast<blasint>(work.size()), &info);
  return info == 0;
}

}  // namespace

bool symmetric_eigenvalues(std::int64_t n, float* a, float* eigenvalues) {
  return eigenvalues_of(n, a, eigenvalues);
}
bool symmetric_eigenvalues(std::int64_t n, double* a, double* eigenvalues) {
  return eigenvalues_of(n, a, eigenvalues);
}

}  // namespace autograd::kernels
