#include "autograd/array/walker_alias.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/base/error.h"
#include "tests/message.h"

namespace autograd {
namespace {

// How probable each outcome is by what the table holds.
std::vector<double> probabilities(const WalkerAlias& alias) {
  const std::vector<double> threshold = alias.threshold().to_vector<double>();
  const std::vector<int> values = alias.values().to_vector<int>();
  std::vector<double> p(threshold.size());
  const double each = 1 / static_cast<double>(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double first = std::min(threshold[i], 1.0);
    p[static_cast<std::size_t>(values[2 * i])] += first * each;
    p[static_cast<std::size_t>(values[2 * i + 1])] += (1 - first) * each;
  }
  return p;
}

TEST(WalkerAlias, HoldsTheProbabilitiesItIsGiven) {
  for (const std::vector<float>& given : {std::vector<float>{1, 2, 3, 4},
                                          {0, 5, 0, 1},
                                          {0.1f, 0.1f, 0.1f},
                                          {7},
                                          std::vector<float>(300, 0.1f),
                                          {1e-30f, 1, 1e30f}}) {
    const WalkerAlias alias(Array::from(given));
    double total = 0;
    for (const float p : given) total += static_cast<double>(p);
    const std::vector<double> p = probabilities(alias);
    for (std::size_t i = 0; i < p.size(); ++i)
      EXPECT_NEAR(p[i], static_cast<double>(given[i]) / total, 1e-6) << i;
  }
  const WalkerAlias of_integers(Array::of({1, 3}));
  EXPECT_NEAR(probabilities(of_integers)[1], 0.75, 1e-7);
}

TEST(WalkerAlias, DrawsOneNumberForEachOutcome) {
  const WalkerAlias alias(Array::of({0.2f, 0.5f, 0.3f}));
  random::Generator a(3), b(3);
  const Array drawn = alias.sample({20, 50}, a);
  EXPECT_EQ(drawn.shape(), (Shape{20, 50}));
  EXPECT_EQ(drawn.dtype(), Dtype::int32);
  for (int i = 0; i < 1000; ++i) b.rand();
  EXPECT_EQ(a.state(), b.state());
  int counts[3] = {};
  for (const int outcome : alias.sample(100000, a).to_vector<int>()) ++counts[outcome];
  // Four standard deviations.
  EXPECT_NEAR(counts[0], 20000, 4 * std::sqrt(100000 * 0.2 * 0.8));
  EXPECT_NEAR(counts[1], 50000, 4 * std::sqrt(100000 * 0.5 * 0.5));
}

TEST(WalkerAlias, RefusesWhatAreNoProbabilities) {
  EXPECT_EQ(
      message_of([] {
        WalkerAlias alias(Array::of({1.f, -1.f}));
      }),
      "WalkerAlias: probs must be finite and not negative, and one must be positive, but probs "
      "is float32(2)");
  EXPECT_THROW(WalkerAlias alias(Array::of({0.f, 0.f})), Error);
  EXPECT_THROW(WalkerAlias alias(Array::of({std::numeric_limits<float>::infinity()})), Error);
  EXPECT_THROW(WalkerAlias alias(Array::zeros({0}, Dtype::float32)), Error);
  EXPECT_THROW(WalkerAlias alias(Array::ones({2, 2}, Dtype::float32)), Error);
}

}  // namespace
}  // namespace autograd
