#include "autograd/base/check.h"

#include <gtest/gtest.h>

#include "autograd/array/array.h"
#include "tests/message.h"

namespace autograd {
namespace {

const Array a = Array::zeros({100, 784}, Dtype::float32),
            b = Array::zeros({500, 784}, Dtype::float32);
const Array wide = Array::zeros({100, 784}, Dtype::float64),
            labels = Array::zeros({100}, Dtype::int32);

TEST(Check, NamesTheRuleAndEveryArgument) {
  EXPECT_EQ(message_of([] {
              Check("matmul", {{"a", a}, {"b", b}}).that(false, "a.shape[1] must equal b.shape[0]");
            }),
            "matmul: a.shape[1] must equal b.shape[0], but a is float32(100, 784) and b is "
            "float32(500, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", a}, {"y", b}, {"t", labels}}).fail("no");
            }),
            "f: no, but x is float32(100, 784), y is float32(500, 784) and t is int32(100)");
  EXPECT_EQ(message_of([] { Check("f", {{"x", a}}).that(true, "no"); }), "nothing was thrown");
}

TEST(Check, KnowsTheUsualRules) {
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", labels}}).floats();
            }),
            "f: x must be float32 or float64, but x is int32(100)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", a}, {"y", wide}}).floats();
            }),
            "f: all arguments must have one dtype, but x is float32(100, 784) and y is "
            "float64(100, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", a}, {"y", b}}).same_shape();
            }),
            "f: all arguments must have one shape, but x is float32(100, 784) and y is "
            "float32(500, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", a}}).ndim(1);
            }),
            "f: x must have 1 axis, but x is float32(100, 784)");
  EXPECT_EQ(message_of([] {
              Check("f", {{"x", labels}}).ndim(2);
            }),
            "f: x must have 2 axes, but x is int32(100)");
  Check("f", {{"x", a}, {"y", a}}).floats().same_shape().ndim(2);
}

}  // namespace
}  // namespace autograd
