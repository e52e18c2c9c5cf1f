#include "autograd/functions/array/manipulation.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(Reshape, GivesViewsOfOtherShapes) {
  const Variable x = as_variable(numbers({2, 1, 3}));
  EXPECT_EQ(shape_of(flatten(x)), "(6)");
  EXPECT_EQ(shape_of(flatten(Array::scalar(1.0))), "(1)");
  EXPECT_EQ(shape_of(expand_dims(x, 1)), "(2, 1, 1, 3)");
  EXPECT_EQ(shape_of(expand_dims(x, -1)), "(2, 1, 3, 1)");
  EXPECT_EQ(shape_of(squeeze(x)), "(2, 3)");
  EXPECT_EQ(shape_of(squeeze(expand_dims(x, 0), {0, -2})), "(2, 3)");
  EXPECT_EQ(shape_of(squeeze(numbers({1, 1}))), "()");
  EXPECT_EQ(shape_of(squeeze(numbers({}))), "()");
  EXPECT_EQ(squeeze(x).array().storage(), x.array().storage());
  EXPECT_EQ(message_of([&] { squeeze(x, 0); }),
            "squeeze: axis 0 must have length 1, but x is float64(2, 1, 3)");
}

TEST(Transpose, OfAnEmptyListOfAxes) {
  EXPECT_EQ(shape_of(transpose(numbers({}), {})), "()");
  EXPECT_EQ(message_of([] { transpose(kX, {}); }),
            "transpose: all axes of x must be listed, not 0 axes, but x is float64(2, 3)");
  EXPECT_EQ(values(moveaxis(kX, {}, {})), values(kX));
  EXPECT_EQ(message_of([] { moveaxis(kX, std::nullopt, std::nullopt); }),
            "moveaxis: source and destination must list axes, but one of them is None");
}

TEST(Transpose, OrdersTheAxes) {
  const Variable x = as_variable(numbers({2, 3, 4}));
  EXPECT_EQ(shape_of(swapaxes(x, 0, -1)), "(4, 3, 2)");
  EXPECT_EQ(shape_of(moveaxis(x, 0, 2)), "(3, 4, 2)");
  EXPECT_EQ(shape_of(moveaxis(x, {0, 2}, {1, 0})), "(4, 2, 3)");
  EXPECT_EQ(shape_of(rollaxis(x, 2)), "(4, 2, 3)");
  EXPECT_EQ(shape_of(rollaxis(x, 0, 3)), "(3, 4, 2)");
  EXPECT_EQ(shape_of(rollaxis(x, -1, 1)), "(2, 4, 3)");
  EXPECT_EQ(shape_of(rollaxis(x, 1, 1)), "(2, 3, 4)");
  EXPECT_THAT(values(swapaxes(kX, 0, 1)), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_EQ(message_of([&] {
              moveaxis(x, {0, 1}, 0);
            }),
            "moveaxis: source and destination must list equally many axes, but they list 1 and 2");
  EXPECT_EQ(message_of([&] {
              moveaxis(x, {0, 0}, {0, 1});
            }),
            "moveaxis: each axis may be named once, but axis 0 is named twice");
}

TEST(Manipulation, HasDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{flatten(x[0]), expand_dims(x[0], 1), squeeze(x[0])};
      },
      [](const Variables& x) {
        return Variables{swapaxes(x[0], 0, 2), moveaxis(x[0], {0, 2}, {1, 0}), rollaxis(x[0], 2)};
      },
      [](const Variables& x) {
        return Variables{tile(x[0], {2, 1, 3}), tile(x[0], {2, 1, 1, 2}), tile(x[0], 2)};
      },
      [](const Variables& x) {
        return Variables{copy(x[0]), identity(x[0])};
      },
  };
  for (const Function& f : functions) {
    expect_derivatives(f, {numbers({2, 1, 3})});
    expect_derivatives(f, {numbers({3, 1, 2}).transpose()});
    expect_derivatives(f, {numbers({0, 1, 2})});
  }
}

TEST(Tile, RepeatsTheWhole) {
  EXPECT_THAT(values(tile(vector({1, 2}), 2)), ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(values(tile(vector({1, 2}), {2, 2})), ElementsAre(1, 2, 1, 2, 1, 2, 1, 2));
  EXPECT_THAT(values(tile(kX, 2)), ElementsAre(1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6));
  EXPECT_EQ(shape_of(tile(kX, {2, 1, 1})), "(2, 2, 3)");
  EXPECT_EQ(shape_of(tile(kX, {0, 1})), "(0, 3)");
  EXPECT_EQ(message_of([] { tile(kX, -1); }), "tile: reps must not be negative, but they are (-1)");
}

TEST(Broadcast, GivesAllOneShape) {
  const Variables ys = broadcast({vector({1, 2}), matrix({2, 1}, {3, 4}), Array::scalar(5.0)});
  EXPECT_THAT(values(ys[0]), ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(values(ys[1]), ElementsAre(3, 3, 4, 4));
  EXPECT_THAT(values(ys[2]), ElementsAre(5, 5, 5, 5));
  expect_derivatives([](const Variables& x) { return broadcast(x); },
                     {numbers({2}), numbers({2, 1}), numbers({})});
}

TEST(Cast, ConvertsAndCarriesGradientsBack) {
  Variable x(vector({1.5, -2.5}));
  const Variable y = cast(x, Dtype::float32);
  EXPECT_EQ(y.dtype(), Dtype::float32);
  const Variables g = grad({y}, {x}, {.grad_outputs = {Variable(Array::of({2.f, 3.f}))}});
  EXPECT_EQ(g[0].dtype(), Dtype::float64);
  EXPECT_THAT(values(g[0]), ElementsAre(2, 3));
  EXPECT_TRUE(cast(x, Dtype::float64).is(x));
  const Variable i = cast(x, Dtype::int32);
  EXPECT_THAT(values(i), ElementsAre(1, -2));
  EXPECT_EQ(i.creator(), nullptr);
}

TEST(Copy, HasMemoryOfItsOwn) {
  Array a = vector({1, 2});
  const Variable y = copy(a);
  a.fill(0);
  EXPECT_THAT(values(y), ElementsAre(1, 2));
}

}  // namespace
}  // namespace autograd
