#include "autograd/kernels/onednn.h"

#include <oneapi/dnnl/dnnl.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <atomic>
#include <cstdlib>

#include "autograd/machine/cpu.h"

namespace autograd::kernels {
namespace {

constinit std::atomic<bool> ended{false};

// The process's first thread ends before static objects are destroyed.
struct FirstThread {
  ~FirstThread() {
#ifdef __linux__
    if (syscall(SYS_gettid) == getpid()) ended.store(true, std::memory_order_relaxed);
#endif
  }
};

}  // namespace

void limit_onednn() {
  static const bool once = [] {
    if (cpu::active() == cpu::Isa::baseline) dnnl_set_max_cpu_isa(dnnl_cpu_isa_sse41);
    if (cpu::active() == cpu::Isa::avx2) dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
    return true;
  }();
  static_cast<void>(once);
  thread_local const FirstThread first_thread;
  static_cast<void>(first_thread);
}

bool onednn_is_alive() { return !ended.load(std::memory_order_relaxed); }

// Functions are called in the reverse order of their registration. So this function is called
// before the destructors of all objects that exist now.
void watch_onednn() {
  std::atexit([] { ended.store(true, std::memory_order_relaxed); });
}

}  // namespace autograd::kernels
