#pragma once

#include <span>
#include <string_view>

namespace autograd::cpu {

// The instruction sets for which kernels are built. `baseline` is what the compiler assumes anyway:
// SSE2 on x86-64, NEON on 64-bit ARM.
enum class Isa { baseline, avx2, avx512 };

std::string_view name(Isa isa);

// Those that this processor can run, best first.
std::span<const Isa> supported();

// The one in use: the best supported, unless the environment variable AUTOGRAD_ISA names another
// (baseline | avx2 | avx512). Read once. Throws if AUTOGRAD_ISA names what this processor cannot
// run.
Isa active();

}  // namespace autograd::cpu
