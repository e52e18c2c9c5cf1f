#include "autograd/base/cpu.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "autograd/base/error.h"

namespace autograd::cpu {

std::string_view name(Isa isa) {
  switch (isa) {
    case Isa::baseline:
      return "baseline";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      break;
  }
  return "avx512";
}

static std::vector<Isa> detect() {
  std::vector<Isa> found;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    found.push_back(Isa::avx512);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found.push_back(Isa::avx2);
#endif
  found.push_back(Isa::baseline);
  return found;
}

std::span<const Isa> supported() {
  static const std::vector<Isa> isas = detect();
  return isas;
}

static Isa choose() {
  const char* wanted = std::getenv("AUTOGRAD_ISA");
  if (!wanted || !*wanted) return supported().front();
  for (Isa isa : supported())
    if (name(isa) == wanted) return isa;
  std::string can;
  for (Isa isa : supported()) can += (can.empty() ? "" : ", ") + std::string(name(isa));
  throw Error(
      fmt::format("AUTOGRAD_ISA: must be one of {} on this processor, but it is {}", can, wanted));
}

Isa active() {
  static const Isa isa = choose();
  return isa;
}

}  // namespace autograd::cpu
