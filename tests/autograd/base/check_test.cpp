#include "autograd/base/check.h"

#include <gtest/gtest.h>

#include "autograd/array/array.h"
#include "tests/message.h"

namespace autograd {
namespace {

const Array kA = Array::zeros({100, 784}, Dtype::float32),
            kB = Array::zeros({500, 784}, Dtype::float32);
const Array kWide = Array::zeros({100, 784}, Dtype::float64),
            kLabels = Array::zeros({100}, Dtype::int32);

TEST(Check, NamesTheRuleAndEveryArgument) {
  EXPECT_EQ(
      message_of([] {
        Check("matmul", {{"a", kA}, {"b", kB}}).that(false, "a.shape[1] must equal b.shape[0]");
      }),
      "matmul: a.shape[1] must equal b.shape[0], but a is float32(100, 784) and b is "
      "float32(500, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", kA}, {"y", kB}, {"t", kLabels}}).fail("no");
            }),
            "f: no, but x is float32(100, 784), y is float32(500, 784) and t is int32(100)");
  EXPECT_EQ(message_of([] { Check("f", {{"x", kA}}).that(true, "no"); }), "nothing was thrown");
}

TEST(Check, KnowsTheUsualRules) {
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", kLabels}}).floats();
            }),
            "f: x must be float32 or float64, but x is int32(100)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", kA}, {"y", kWide}}).floats();
            }),
            "f: all arguments must have one dtype, but x is float32(100, 784) and y is "
            "float64(100, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", kA}, {"y", kB}}).same_shape();
            }),
            "f: all arguments must have one shape, but x is float32(100, 784) and y is "
            "float32(500, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", kA}}).ndim(1);
            }),
            "f: x must have 1 axis, but x is float32(100, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", kLabels}}).ndim(2);
            }),
            "f: x must have 2 axes, but x is int32(100)");
  Check("f", {{"x", kA}, {"y", kA}}).floats().same_shape().ndim(2);
}

}  // namespace
}  // namespace autograd
