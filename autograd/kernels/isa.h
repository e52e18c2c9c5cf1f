#pragma once

#include <xsimd/xsimd.hpp>

// The instruction sets as types. Code that is compiled once per instruction set is a template on
// one of these types, so that no two translation units define the same symbol with different
// instructions.
namespace autograd::kernels {

struct Baseline {
#ifdef __x86_64__
  using Arch = xsimd::sse2;
#else
  using Arch = xsimd::default_arch;
#endif
};

#ifdef __x86_64__
struct Avx2 {
  using Arch = xsimd::fma3<xsimd::avx2>;
};
struct Avx512 {
  using Arch = xsimd::avx512bw;
};
#endif

}  // namespace autograd::kernels
