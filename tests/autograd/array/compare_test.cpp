#include "autograd/array/compare.h"

#include <gtest/gtest.h>

#include <cmath>

#include "autograd/base/random.h"
#include "tests/message.h"

namespace autograd::array {
namespace {

using Bools = std::vector<bool>;

TEST(Compare, BroadcastsAndTreatsNanAsUnequal) {
  const Array a = Array::of({1.f, 2.f, NAN}), two = Array::scalar(2.f);
  EXPECT_EQ(greater(a, two).to_vector<bool>(), (Bools{false, false, false}));
  EXPECT_EQ(greater_equal(a, two).to_vector<bool>(), (Bools{false, true, false}));
  EXPECT_EQ(equal(a, two).to_vector<bool>(), (Bools{false, true, false}));
  EXPECT_EQ(not_equal(a, two).to_vector<bool>(), (Bools{true, false, true}));
  EXPECT_EQ(greater(Array::of({1, 2}), Array::of<int>({0, 2}, Shape{2, 1})).to_vector<bool>(),
            (Bools{true, true, false, false}));
  EXPECT_EQ(message_of([&] { greater(a, Array::of({1.0})); }),
            "greater: float32 and float64 must not be mixed, but a is float32 and b is float64");
}

TEST(Compare, Logic) {
  const Array p = Array::of({true, true, false, false}), q = Array::of({true, false, true, false});
  EXPECT_EQ(logical_and(p, q).to_vector<bool>(), (Bools{true, false, false, false}));
  EXPECT_EQ(logical_or(p, q).to_vector<bool>(), (Bools{true, true, true, false}));
  EXPECT_EQ(logical_not(p).to_vector<bool>(), (Bools{false, false, true, true}));
}

// Rows that are walked, stand still, or are stepped through have loops of their own.
TEST(Compare, EveryLayoutIsAsPlainLoops) {
  random::Generator generator(1);
  for (const std::int64_t n : {1, 7, 16, 67, 20000}) {
    // Few different numbers, so that many are equal.
    const auto draw = [&](const Shape& shape) {
      Array x = Array::empty(shape, Dtype::float32);
      for (float* p = x.mutable_data<float>(); p < x.data<float>() + x.size(); ++p)
        *p = static_cast<float>(generator.randint(0, 3));
      return x;
    };
    const Array layouts[] = {draw({3, n}), draw({3, 1}), draw({n, 3}).transpose(), draw({1, n}),
                             draw({1, 1})};
    for (const Array& a0 : layouts)
      for (const Array& b0 : layouts) {
        const Array a = a0.broadcast_to({3, n}), b = b0.broadcast_to({3, n}), c0 = draw({3, n});
        const auto x = a.to_vector<float>(), y = b.to_vector<float>();
        const Array conditions[] = {equal(c0, Array::scalar(1.f)),
                                    greater(draw({n, 3}), Array::scalar(0.f)).transpose(),
                                    greater(c0.slice(1, 0, 1), Array::scalar(0.f))};
        const auto less = greater(b0, a0).broadcast_to({3, n}).to_vector<bool>();
        const auto same = equal(a0, b0).broadcast_to({3, n}).to_vector<bool>();
        for (std::size_t i = 0; i < x.size(); ++i) {
          ASSERT_EQ(less[i], y[i] > x[i]);
          ASSERT_EQ(same[i], x[i] == y[i]);
        }
        for (const Array& condition : conditions) {
          const auto taken = condition.broadcast_to({3, n}).to_vector<bool>();
          const auto chosen = where(condition, a0, b0).broadcast_to({3, n}).to_vector<float>();
          for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(chosen[i], taken[i] ? x[i] : y[i]);
        }
      }
  }
}

TEST(Where, ChoosesAndBroadcasts) {
  const Array c = Array::of<bool>({true, false}, Shape{2, 1});
  EXPECT_EQ(where(c, Array::of({1.f, 2.f}), Array::scalar(0.f)).to_vector<float>(),
            (std::vector<float>{1, 2, 0, 0}));
  EXPECT_EQ(message_of([] { where(Array::of({1}), Array::of({1.f}), Array::of({1.f})); }),
            "where: the condition must be bool, but condition is int32(1)");
  EXPECT_EQ(message_of([&] { where(c, Array::of({1.f}), Array::of({1.0})); }),
            "where: all arguments must have one dtype, but a is float32(1) and b is float64(1)");
}

}  // namespace
}  // namespace autograd::array
