#include "autograd/functions/array/pad.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kPadded = matrix({3, 4}, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23});

TEST(Pad, AddsBorders) {
  const Array x = vector({1, 2, 3});
  EXPECT_THAT(values(pad(x, 1)), ElementsAre(0, 1, 2, 3, 0));
  EXPECT_THAT(values(pad(x, {2, 1}, PadMode::constant, -1)), ElementsAre(-1, -1, 1, 2, 3, -1));
  EXPECT_THAT(values(pad(x, 2, PadMode::edge)), ElementsAre(1, 1, 1, 2, 3, 3, 3));
  EXPECT_THAT(values(pad(x, 3, PadMode::reflect)), ElementsAre(2, 3, 2, 1, 2, 3, 2, 1, 2));
  EXPECT_THAT(values(pad(x, 2, PadMode::symmetric)), ElementsAre(2, 1, 1, 2, 3, 3, 2));
  EXPECT_THAT(values(pad(x, 2, PadMode::wrap)), ElementsAre(2, 3, 1, 2, 3, 1, 2));
  EXPECT_EQ(shape_of(pad(kPadded, {{1, 2}, {0, 3}})), "(6, 7)");
  EXPECT_EQ(shape_of(pad(numbers({0, 2}), 1)), "(2, 4)");
  expect_derivatives(
      [](const Variables& v) {
        return Variables{pad(v[0], {{1, 2}, {0, 3}})};
      },
      {numbers({2, 2})});
  const Variable wanted(x);
  const Variables g = grad({pad(wanted, 1, PadMode::edge)}, {wanted},
                           {.grad_outputs = {Variable(vector({1, 2, 3, 4, 5}))}});
  EXPECT_THAT(values(g[0]), ElementsAre(2, 3, 4));  // Chainer's choice
  EXPECT_EQ(message_of([] {
              pad(kPadded, {{1, 1}, {1, 1}, {1, 1}});
            }),
            "pad: pad_width must be one pair, or one for each axis, but x is float64(3, 4)");
  EXPECT_EQ(message_of([] { pad(kPadded, -1); }),
            "pad: no width may be negative, but axis 0 has -1 and -1");
}

// Values from numpy.pad.
TEST(Pad, MakesBordersOfManyKinds) {
  const Array x = vector({1, 2, 4});
  EXPECT_THAT(values(pad(x, {1, 2}, PadMode::constant, {.constant_values = {7, 8}})),
              ElementsAre(7, 1, 2, 4, 8, 8));
  EXPECT_THAT(values(pad(x, 2, PadMode::linear_ramp, {.end_values = {5, 0}})),
              ElementsAre(5, 3, 1, 2, 4, 2, 0));
  EXPECT_THAT(values(pad(x, {1, 0}, PadMode::linear_ramp, {.end_values = 5})),
              ElementsAre(5, 1, 2, 4));
  EXPECT_THAT(values(pad(x, 1, PadMode::maximum)), ElementsAre(4, 1, 2, 4, 4));
  EXPECT_THAT(values(pad(x, 1, PadMode::maximum, {.stat_length = PadWidth(2, 1)})),
              ElementsAre(2, 1, 2, 4, 4));
  EXPECT_THAT(values(pad(x, 1, PadMode::minimum, {.stat_length = PadWidth(1, 2)})),
              ElementsAre(1, 1, 2, 4, 2));
  EXPECT_THAT(values(pad(x, 1, PadMode::mean, {.stat_length = PadWidth(2)})),
              ElementsAre(1.5, 1, 2, 4, 3));
  EXPECT_THAT(values(pad(x, 1, PadMode::median)), ElementsAre(2, 1, 2, 4, 2));
  EXPECT_THAT(values(pad(x, 1, PadMode::median, {.stat_length = PadWidth(2, 9)})),
              ElementsAre(1.5, 1, 2, 4, 2));
  const PadOptions odd{.reflect_type = ReflectType::odd};
  EXPECT_THAT(values(pad(x, 2, PadMode::reflect, odd)), ElementsAre(-2, 0, 1, 2, 4, 6, 7));
  EXPECT_THAT(values(pad(x, 2, PadMode::symmetric, odd)), ElementsAre(0, 1, 1, 2, 4, 4, 6));
  // Farther than the axis is long: the steps of the numbers go on.
  EXPECT_THAT(values(pad(x, {5, 0}, PadMode::reflect, odd)),
              ElementsAre(-6, -5, -4, -2, 0, 1, 2, 4));
  EXPECT_THAT(values(pad(vector({3}), 2, PadMode::symmetric, odd)), ElementsAre(3, 3, 3, 3, 3));
}

// The later axis makes its border of the earlier one's.
TEST(Pad, GoesAxisByAxis) {
  const Array x = matrix({2, 2}, {1, 2, 3, 4});
  EXPECT_THAT(
      values(pad(x, {{1, 0}, {0, 1}}, PadMode::constant, {.constant_values = {{5, 6}, {7, 8}}})),
      ElementsAre(5, 5, 8, 1, 2, 8, 3, 4, 8));
  EXPECT_THAT(values(pad(x, {{1, 0}, {0, 1}}, PadMode::mean)),
              ElementsAre(2, 3, 2.5, 1, 2, 1.5, 3, 4, 3.5));
}

TEST(Pad, HasTheInnerPartOfTheGradientInEveryMode) {
  using enum PadMode;
  for (const PadMode mode :
       {edge, linear_ramp, maximum, PadMode::mean, median, minimum, reflect, symmetric, wrap}) {
    const Variable x(vector({1, 2, 4}));
    const Variables g =
        grad({pad(x, {1, 2}, mode)}, {x}, {.grad_outputs = {Variable(vector({1, 2, 3, 4, 5, 6}))}});
    EXPECT_THAT(values(g[0]), ElementsAre(2, 3, 4));
  }
  expect_derivatives(
      [](const Variables& v) {
        return Variables{
            pad(v[0], {{1, 2}, {0, 3}}, PadMode::constant, {.constant_values = {{1, 2}, {3, 4}}})};
      },
      {numbers({2, 2})});
}

TEST(Pad, RefusesWhatItCannotMakeABorderOf) {
  EXPECT_EQ(message_of([] { pad(kPadded, 1, PadMode::mean, {.stat_length = PadWidth(0)}); }),
            "pad: each stat_length must be at least 1, but axis 0 has 0 and 0");
  EXPECT_EQ(message_of([] { pad(numbers({0}), 1, PadMode::mean); }),
            "pad: axis 0 must have an element to pad with, but x is float64(0)");
  EXPECT_EQ(message_of([] {
              pad(indices({1, 2}), 1, PadMode::mean);
            }),
            "pad: x must be float32 or float64 in this mode, but x is int32(2)");
  EXPECT_EQ(message_of([] {
              pad(kPadded, 1, PadMode::constant, {.constant_values = {{1, 2}, {1, 2}, {1, 2}}});
            }),
            "pad: constant_values must be one pair, or one for each axis, but x is float64(3, 4)");
}

}  // namespace
}  // namespace autograd
