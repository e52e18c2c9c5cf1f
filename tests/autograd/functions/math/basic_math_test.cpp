#include "autograd/functions/math/basic_math.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

// The elementwise functions are tested by their rows in tests/cases.
namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(BiasAndScale, GoAlongTheAxesFromTheNamedOneOn) {
  EXPECT_THAT(values(bias(kX, vector({10, 20, 30}))), ElementsAre(11, 22, 33, 14, 25, 36));
  EXPECT_THAT(values(bias(kX, vector({10, 20}), 0)), ElementsAre(11, 12, 13, 24, 25, 26));
  EXPECT_THAT(values(scale(kX, vector({1, 0, -1}))), ElementsAre(1, 0, -3, 4, 0, -6));
  EXPECT_THAT(values(scale(kX, vector({2, 3}), 0)), ElementsAre(2, 4, 6, 12, 15, 18));
  EXPECT_THAT(values(scale(kX, Array::scalar(2.0))), ElementsAre(2, 4, 6, 8, 10, 12));
  EXPECT_EQ(message_of([] {
              bias(kX, vector({1, 2}));
            }),
            "bias: the axes of x from axis 1 on must match those of y, but x is float64(2, 3) and "
            "y is float64(2)");
  EXPECT_EQ(message_of([] { scale(kX, kX, 1); }),
            "scale: the axes of x from axis 1 on must match those of y, but x is float64(2, 3) and "
            "y is float64(2, 3)");
  const Function f = [](const Variables& x) {
    return Variables{bias(x[0], x[1]), scale(x[0], x[1])};
  };
  expect_derivatives(f, {numbers({2, 3, 4}), numbers({3}, 1)});
  expect_derivatives(f, {numbers({2, 3, 4}), numbers({3, 4}, 1)});
}

TEST(Sign, IsKnownOfIntegers) {
  const Variable y = sign(as_variable(Array::of<std::int32_t>({-3, 0, 7})));
  EXPECT_EQ(y.dtype(), Dtype::int32);
  EXPECT_EQ(y.array().to_vector<std::int32_t>(), (std::vector<std::int32_t>{-1, 0, 1}));
  EXPECT_EQ(sign(as_variable(Array::of<std::uint8_t>({0, 255}))).array().to_vector<std::uint8_t>(),
            (std::vector<std::uint8_t>{0, 1}));
}

TEST(LinearInterpolate, GoesFromTheLastToTheMiddle) {
  EXPECT_THAT(
      values(linear_interpolate(vector({0, 1, 0.25}), vector({1, 2, 4}), vector({5, 6, 8}))),
      ElementsAre(5, 2, 7));
  EXPECT_EQ(message_of([] { linear_interpolate(vector({0}), kX, kX); }),
            "linear_interpolate: all arguments must have one shape, but p is float64(1), x is "
            "float64(2, 3) and y is "
            "float64(2, 3)");
  expect_derivatives(
      [](const Variables& x) { return Variables{linear_interpolate(x[0], x[1], x[2])}; },
      {numbers({2, 3}), numbers({2, 3}, 1), numbers({2, 3}, 2)});
}

}  // namespace
}  // namespace autograd
