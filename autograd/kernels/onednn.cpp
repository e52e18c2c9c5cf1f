#include "autograd/kernels/onednn.h"

#include <oneapi/dnnl/dnnl.h>

#include "autograd/base/cpu.h"

namespace autograd::kernels {

void limit_onednn() {
  static const bool once = [] {
    if (cpu::active() == cpu::Isa::baseline) dnnl_set_max_cpu_isa(dnnl_cpu_isa_sse41);
    if (cpu::active() == cpu::Isa::avx2) dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
    return true;
  }();
  static_cast<void>(once);
}

}  // namespace autograd::kernels
