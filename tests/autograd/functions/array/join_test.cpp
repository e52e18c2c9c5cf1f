#include "autograd/functions/array/join.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kY = matrix({2, 1}, {7, 8});

TEST(Concat, PutsArraysOneAfterAnother) {
  EXPECT_THAT(values(concat({kX, kY})), ElementsAre(1, 2, 3, 7, 4, 5, 6, 8));
  EXPECT_THAT(values(concat({kY, kY}, 0)), ElementsAre(7, 8, 7, 8));
  EXPECT_EQ(values(concat({kX, kY}, -1)), values(concat({kX, kY}, 1)));
  EXPECT_EQ(shape_of(concat({kX, numbers({2, 0})})), "(2, 3)");
  EXPECT_EQ(concat({indices({1}), indices({2})}, 0).dtype(), Dtype::int32);
}

TEST(Concat, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              concat({kX, kY}, 0);
            }),
            "concat: all arrays must have the same shape, except along axis 0, but x0 is "
            "float64(2, 3) and x1 is float64(2, 1)");
  EXPECT_EQ(message_of([] {
              concat({kX, vector({1})});
            }),
            "concat: all arrays must have the same shape, except along axis 1, but x0 is "
            "float64(2, 3) and x1 is float64(1)");
  EXPECT_EQ(
      message_of([] {
        concat({kX, kX.astype(Dtype::float32)});
      }),
      "concat: all arguments must have one dtype, but x0 is float64(2, 3) and x1 is float32(2, 3)");
  EXPECT_EQ(message_of([] { concat({}); }),
            "concat: at least one array must be given, but there is none");
  EXPECT_EQ(message_of([] { concat({vector({1})}); }),
            "concat: axis must be in [-1, 1) for an array of 1 axes, but it is 1");
}

TEST(Stack, MakesANewAxis) {
  EXPECT_THAT(values(stack({vector({1, 2}), vector({3, 4})})), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(values(stack({vector({1, 2}), vector({3, 4})}, -1)), ElementsAre(1, 3, 2, 4));
  EXPECT_EQ(shape_of(stack({numbers({}), numbers({})})), "(2)");
  EXPECT_EQ(
      message_of([] {
        stack({kX, kY});
      }),
      "stack: all arrays must have one shape, but x0 is float64(2, 3) and x1 is float64(2, 1)");
  const Array s = numbers({}), v = numbers({2}), m = numbers({3, 2});
  EXPECT_EQ(shape_of(hstack({s, s})), "(2)");
  EXPECT_EQ(shape_of(hstack({v, v})), "(4)");
  EXPECT_EQ(shape_of(hstack({m, m})), "(3, 4)");
  EXPECT_EQ(shape_of(vstack({s, s})), "(2, 1)");
  EXPECT_EQ(shape_of(vstack({v, v})), "(2, 2)");
  EXPECT_EQ(shape_of(vstack({m, m})), "(6, 2)");
  EXPECT_EQ(shape_of(dstack({s, s})), "(1, 1, 2)");
  EXPECT_EQ(shape_of(dstack({v, v})), "(1, 2, 2)");
  EXPECT_EQ(shape_of(dstack({m, m})), "(3, 2, 2)");
}

TEST(Join, HasDerivatives) {
  expect_derivatives(
      [](const Variables& x) {
        return Variables{concat(x), concat(x, -1)};
      },
      {numbers({2, 3}), numbers({2, 1}, 1)});
  expect_derivatives([](const Variables& x) { return Variables{concat(x)}; },
                     {numbers({2, 0}), numbers({2, 1}, 1)});
  expect_derivatives(
      [](const Variables& x) {
        return Variables{stack(x, 1), hstack(x), vstack(x), dstack(x)};
      },
      {numbers({2, 2}), numbers({2, 2}, 1)});
  expect_derivatives(
      [](const Variables& x) {
        return split_axis(x[0], {1, 3, 3}, 1);
      },
      {numbers({2, 4})});
  expect_derivatives([](const Variables& x) { return Variables{split_axis(x[0], 2, 0)[1]}; },
                     {numbers({3, 4}).transpose()});
  expect_derivatives([](const Variables& x) { return separate(x[0], 1); }, {numbers({2, 3})});
  expect_derivatives([](const Variables& x) { return Variables{separate(x[0])[1]}; },
                     {numbers({2, 3})});
  expect_derivatives([](const Variables& x) { return Variables{pad_sequence(x, 4, -1)}; },
                     {numbers({3, 2}), numbers({0, 2}, 1), numbers({1, 2}, 2)});
  const Function transpose = [](const Variables& x) { return transpose_sequence(x); };
  expect_derivatives(transpose, {numbers({3, 2}), numbers({2, 2}, 1), numbers({0, 2}, 2)});
  expect_derivatives([](const Variables& x) { return Variables{transpose_sequence(x)[1]}; },
                     {numbers({3}), numbers({2}, 1)});
}

TEST(SplitAxis, CutsIntoViews) {
  const Variables parts = split_axis(kX, 3, 1);
  EXPECT_EQ(parts.size(), 3U);
  EXPECT_THAT(values(parts[1]), ElementsAre(2, 5));
  EXPECT_EQ(parts[1].array().storage(), kX.storage());
  EXPECT_EQ(split_axis(kX, {3}, 1).size(), 2U);
  EXPECT_THAT(values(split_axis(kX, {-1}, -1)[1]), ElementsAre(3, 6));
  EXPECT_EQ(shape_of(split_axis(kX, {1, 1}, 1)[1]), "(2, 0)");
  EXPECT_EQ(split_axis(kX, {}, 1).size(), 1U);
  EXPECT_EQ(message_of([] { split_axis(kX, 2, 1); }),
            "split_axis: the length of axis 1 must be divisible into 2 equal parts, but x is "
            "float64(2, 3)");
  EXPECT_EQ(message_of([] {
              split_axis(kX, {2, 1}, 1);
            }),
            "split_axis: the indices must lie within axis 1 and not decrease, unlike [2, 1], but x "
            "is float64(2, 3)");
  EXPECT_EQ(message_of([] { split_axis(kX, {4}, 1); }),
            "split_axis: the indices must lie within axis 1 and not decrease, unlike [4], but x is "
            "float64(2, 3)");
}

TEST(Sequences, ArePaddedAndTransposed) {
  const Array a = vector({1, 2, 3}), b = vector({4});
  EXPECT_THAT(values(pad_sequence({a, b})), ElementsAre(1, 2, 3, 4, 0, 0));
  EXPECT_THAT(values(pad_sequence({b}, 2, -1)), ElementsAre(4, -1));
  EXPECT_EQ(message_of([&] {
              pad_sequence({a, b}, 2);
            }),
            "pad_sequence: no sequence may be longer than length = 2, but one has 3 elements");
  const Variables steps = transpose_sequence({a, b});
  EXPECT_EQ(steps.size(), 3U);
  EXPECT_THAT(values(steps[0]), ElementsAre(1, 4));
  EXPECT_THAT(values(steps[2]), ElementsAre(3));
  EXPECT_EQ(
      message_of([&] {
        transpose_sequence({b, a});
      }),
      "transpose_sequence: sequences must not grow longer, but x0 has 1 elements and x1 has 3");
  EXPECT_TRUE(transpose_sequence({}).empty());
}

}  // namespace
}  // namespace autograd
