#pragma once

#include "autograd/kernels/isa.h"
#include "autograd/kernels/standard_normal.h"

// Included only by the translation units of this folder. Loops that the compiler turns into vector
// instructions.
namespace autograd::kernels {

// x[k + 624] = x[k + 397] ^ (the upper bit of x[k] and the lower 31 bits of x[k + 1]) A.
template <class Isa>
void extend(std::uint32_t* x, std::int64_t n) {
  for (std::int64_t k = 0; k < n; ++k) {
    const std::uint32_t y = (x[k] & 0x80000000U) | (x[k + 1] & 0x7fffffffU);
    x[k + 624] = x[k + 397] ^ (y >> 1) ^ (0x9908b0dfU & (0U - (y & 1U)));
  }
}

template <class T, class Isa>
std::int64_t pairs_of_deviates(const std::uint32_t* words, std::int64_t n, T* y) {
  constexpr std::int64_t most = StandardNormal::kMostTries;
  std::uint32_t tempered[StandardNormal::kWordsATry * most];
  for (std::int64_t i = 0; i < StandardNormal::kWordsATry * n; ++i) {
    std::uint32_t w = words[i];
    w ^= w >> 11;
    w ^= (w << 7) & 0x9d2c5680U;
    w ^= (w << 15) & 0xefc60000U;
    tempered[i] = w ^ (w >> 18);
  }
  // 2 u - 1 for u in [0, 1) of the upper 27 and 26 bits of two words. Every step is exact.
  double x[2 * most], r2[most], factor[most];
  for (std::int64_t i = 0; i < 2 * n; ++i) {
    const auto high = static_cast<std::int32_t>(tempered[2 * i] >> 5) - (1 << 26),
               low = static_cast<std::int32_t>(tempered[2 * i + 1] >> 6);
    x[i] = high * 0x1p-26 + low * 0x1p-52;
  }
  // Successful tries are compacted without a branch: a branch would be mispredicted at every fifth
  // try.
  std::int64_t pairs = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const double x1 = x[2 * i], x2 = x[2 * i + 1], r = x1 * x1 + x2 * x2;
    x[2 * pairs] = x1;
    x[2 * pairs + 1] = x2;
    r2[pairs] = r;
    pairs += static_cast<std::int64_t>((r < 1.0) & (r != 0.0));
  }
  // The C library's logarithm, which NumPy uses too, so that the bits agree.
  for (std::int64_t i = 0; i < pairs; ++i) factor[i] = __builtin_log(r2[i]);
  for (std::int64_t i = 0; i < pairs; ++i) factor[i] = __builtin_sqrt(-2.0 * factor[i] / r2[i]);
  for (std::int64_t i = 0; i < pairs; ++i) {
    y[2 * i] = static_cast<T>(factor[i] * x[2 * i + 1]);
    y[2 * i + 1] = static_cast<T>(factor[i] * x[2 * i]);
  }
  return pairs;
}

template <class Isa>
const StandardNormal& standard_normal_for() {
  static constexpr StandardNormal table{extend<Isa>, pairs_of_deviates<float, Isa>,
                                        pairs_of_deviates<double, Isa>};
  return table;
}

}  // namespace autograd::kernels
