#pragma once

#include "autograd/machine/cpu.h"

namespace autograd::kernels {

// The instruction sets as types; kernels/isa.h says what each is.
struct Baseline;
struct Avx2;
struct Avx512;

// Calls f.template operator()<Isa>() with the instruction set in use.
template <class F>
decltype(auto) with_active_isa(const F& f) {
#ifdef __x86_64__
  switch (cpu::active()) {
    case cpu::Isa::avx512:
      return f.template operator()<Avx512>();
    case cpu::Isa::avx2:
      return f.template operator()<Avx2>();
    case cpu::Isa::baseline:
      break;
  }
#endif
  return f.template operator()<Baseline>();
}

}  // namespace autograd::kernels
