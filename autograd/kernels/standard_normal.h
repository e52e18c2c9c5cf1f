#pragma once

#include <cstdint>

#include "autograd/kernels/dispatch.h"

// Many Gaussian deviates at a time, equal bit for bit to those of single calls (base/random.h).
// Compiled once per instruction set, without contraction into fused multiply-adds.
namespace autograd::kernels {

struct StandardNormal {
  static constexpr std::int64_t kWords = 624;       // of the state of the Mersenne twister
  static constexpr std::int64_t kWordsATry = 4;     // two numbers of 53 bits
  static constexpr std::int64_t kMostTries = 1024;  // of one call

  // x[624..624 + n), the words (not tempered) that follow x[0..624).
  void (*extend)(std::uint32_t* x, std::int64_t n);
  // Makes n tries of Marsaglia's polar method with the given words. Writes the pairs of deviates of
  // the successful tries to y and returns the number of pairs.
  std::int64_t (*pairs)(const std::uint32_t* words, std::int64_t n, float* y);
  std::int64_t (*pairs_of_doubles)(const std::uint32_t* words, std::int64_t n, double* y);
};

template <class Isa>
const StandardNormal& standard_normal_for();  // defined in kernels/isa/

inline const StandardNormal& standard_normal() {
  return with_active_isa(
      []<class Isa>() -> const StandardNormal& { return standard_normal_for<Isa>(); });
}

}  // namespace autograd::kernels
