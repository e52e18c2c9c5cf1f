#include "autograd/array/compare.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/autograd/message.h"

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
            "greater: all arguments must have one dtype, but a is float32(3) and b is float64(1)");
}

TEST(Compare, Logic) {
  const Array p = Array::of({true, true, false, false}), q = Array::of({true, false, true, false});
  EXPECT_EQ(logical_and(p, q).to_vector<bool>(), (Bools{true, false, false, false}));
  EXPECT_EQ(logical_or(p, q).to_vector<bool>(), (Bools{true, true, true, false}));
  EXPECT_EQ(logical_not(p).to_vector<bool>(), (Bools{false, false, true, true}));
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
