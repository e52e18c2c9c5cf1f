#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace autograd::cpu {

// The instruction sets for which kernels are built. `baseline` is what every processor of the
// architecture has: SSE2 on x86-64, NEON on 64-bit ARM.
enum class Isa { baseline, avx2, avx512 };

std::string_view name(Isa isa);

// The instruction sets that this processor can run, best first.
std::span<const Isa> supported();

// The instruction set in use: the best supported, unless the environment variable AUTOGRAD_ISA
// names another (baseline | avx2 | avx512). AUTOGRAD_ISA is read once. Throws if this processor
// cannot run the instruction set that it names.
Isa active();

// How many processors this process may use: as many as its affinity mask names, but no more than
// the CPU quota of its control group pays for. At least 1.
int processors();

// The CPU quota of the process in processors, rounded up: the least of the quotas of its control
// group and of the groups above it (Linux cgroups, version 1 or 2). Empty if there is no quota.
// Files that cannot be read or parsed are ignored. They are looked for in root/proc and root/sys.
std::optional<int> processors_of_quota(const std::string& root = "");

}  // namespace autograd::cpu
