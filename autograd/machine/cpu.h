#pragma once

#include <optional>
#include <span>
#include <string>
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

// How many processors this process may use: as many as its affinity mask names, but no more than
// the CPU quota of its control group pays for. At least 1.
int processors();

// What the CPU quota pays for, in processors, rounded up: the least of the quotas of the process's
// control group and of those above it, by version 1 or 2 of Linux's control groups. None if there
// is no quota. Files that cannot be read or make no sense say nothing. They are looked for in
// root/proc and root/sys.
std::optional<int> processors_of_quota(const std::string& root = "");

}  // namespace autograd::cpu
