#include "autograd/functions/connection/connection.h"

#include "autograd/functions/math/reduction.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Function kLinear = [](const Variables& x) {
  return Variables{linear(x[0], x[1], x.size() > 2 ? x[2] : Variable())};
};

TEST(Linear, MultipliesByTheTransposedWeightsAndAddsTheBias) {
  const Array x = matrix({2, 3}, {1, 2, 3, 4, 5, 6}), W = matrix({2, 3}, {1, 2, 0, 0, -1, 3}),
              b = vector({10, 20});
  EXPECT_THAT(values(linear(x, W)), ElementsAre(5, 7, 14, 13));
  EXPECT_THAT(values(linear(x, W, b)), ElementsAre(15, 27, 24, 33));
}

TEST(Linear, HasDerivatives) {
  expect_derivatives(kLinear, {numbers({3, 4}), numbers({2, 4}, 1), numbers({2}, 2)});
  expect_derivatives(kLinear, {numbers({3, 4}), numbers({2, 4}, 1)});
  expect_derivatives(kLinear, {numbers({0, 4}), numbers({2, 4}, 1), numbers({2}, 2)});
  expect_derivatives(kLinear, {numbers({2, 2, 2}), numbers({2, 4}, 1), numbers({2}, 2)});
}

TEST(Linear, KeepsTheBatchAxes) {
  const Array x = numbers({2, 3, 4}), W = numbers({5, 4}, 1), b = numbers({5}, 2);
  EXPECT_EQ(linear(x, W, b, 2).shape(), (Shape{2, 3, 5}));
  EXPECT_EQ(values(linear(x, W, b, 2)), values(linear(x.reshape({6, 4}), W, b)));
  EXPECT_EQ(linear(x, numbers({5, 12}), b).shape(), (Shape{2, 5}));
  EXPECT_EQ(linear(numbers({2, 3}), numbers({5, 1}), {}, 2).shape(), (Shape{2, 3, 5}));
  EXPECT_EQ(linear(numbers({0, 3, 4}), W, b, 2).shape(), (Shape{0, 3, 5}));
}

TEST(Linear, ComputesOnlyTheGradientsThatAreWanted) {
  const Array x = numbers({3, 4});
  const Variable W(numbers({2, 4}, 1)), b(numbers({2}, 2));
  const Variable y = linear(x, W, b);
  const Variables g = grad({y}, {b});
  EXPECT_THAT(values(g[0]), ElementsAre(3, 3));
  EXPECT_EQ(y.creator()->label(), "LinearFunction");
  EXPECT_EQ(y.creator()->inputs().size(), 3U);
}

TEST(Linear, RefusesWhatDoesNotFit) {
  const Array x = numbers({3, 4}), W = numbers({2, 4}), b = numbers({2});
  EXPECT_EQ(
      message_of([&] {
        linear(x, numbers({2, 5}), b);
      }),
      "linear: x.shape[1] must equal W.shape[1], but x is float64(3, 4) and W is float64(2, 5)");
  EXPECT_EQ(message_of([&] {
              linear(numbers({3, 2, 3}), W, b);
            }),
            "linear: each sample of x must have W.shape[1] elements, but x is float64(3, 2, 3) and "
            "W is float64(2, 4)");
  EXPECT_EQ(message_of([&] { linear(x, W, numbers({3})); }),
            "linear: b must be (W.shape[0]), but x is float64(3, 4), W is float64(2, 4) and b is "
            "float64(3)");
  EXPECT_EQ(message_of([&] { linear(x, b); }),
            "linear: W must have 2 axes, but x is float64(3, 4) and W is float64(2)");
  EXPECT_EQ(
      message_of([&] { linear(x.astype(Dtype::float32), W); }),
      "linear: all arguments must have one dtype, but x is float32(3, 4) and W is float64(2, 4)");
  EXPECT_EQ(message_of([&] { linear(x, W, b, 3); }),
            "linear: n_batch_axes must be in [1, x.ndim], unlike 3, but x is float64(3, 4)");
  EXPECT_EQ(message_of([&] { linear(x, W, b, 0); }),
            "linear: n_batch_axes must be in [1, x.ndim], unlike 0, but x is float64(3, 4)");
}

TEST(Bilinear, SumsOverPairsOfFeatures) {
  const Array e1 = matrix({1, 2}, {1, 2}), e2 = matrix({1, 2}, {3, 4});
  const Array W = Array::of<double>({1, 0, 0, 1, 2, 0, 0, 3}, Shape{2, 2, 2});
  EXPECT_THAT(values(bilinear(e1, e2, W)), ElementsAre(1 * 3 + 2 * 2 * 3, 1 * 4 + 3 * 2 * 4));
  const Array V = matrix({2, 2}, {1, 0, 0, 1}), b = vector({100, 200});
  EXPECT_THAT(values(bilinear(e1, e2, W, V, V, b)),
              ElementsAre(15 + 1 + 3 + 100, 28 + 2 + 4 + 200));
  EXPECT_EQ(bilinear(numbers({3, 2, 2}), numbers({3, 5}), numbers({4, 5, 6})).shape(),
            (Shape{3, 6}));
  EXPECT_EQ(message_of([&] { bilinear(e1, e2, W, V); }),
            "bilinear: V1, V2 and b must be given all three or not at all, but one is missing");
  EXPECT_EQ(message_of([&] {
              bilinear(e1, numbers({1, 3}), W);
            }),
            "bilinear: each sample of e1 must have W.shape[0] elements and each of e2 W.shape[1], "
            "but e1 is "
            "float64(1, 2), e2 is float64(1, 3) and W is float64(2, 2, 2)");
  EXPECT_EQ(message_of([&] { bilinear(e1, e2, W, V, V, numbers({3})); }),
            "bilinear: V1 must be (W.shape[0], W.shape[2]), V2 (W.shape[1], W.shape[2]) and b "
            "(W.shape[2]), but W is "
            "float64(2, 2, 2), V1 is float64(2, 2), V2 is float64(2, 2) and b is float64(3)");
  for (std::int64_t n : {0, 3})
    expect_derivatives(
        [](const Variables& x) { return Variables{bilinear(x[0], x[1], x[2], x[3], x[4], x[5])}; },
        {numbers({n, 2}), numbers({n, 3}, 1), numbers({2, 3, 4}, 2), numbers({2, 4}, 3),
         numbers({3, 4}, 4), numbers({4}, 5)});
}

TEST(EmbedId, PicksRows) {
  const Array W = matrix({3, 2}, {0, 1, 10, 11, 20, 21});
  EXPECT_THAT(values(embed_id(indices({2, 0}), W)), ElementsAre(20, 21, 0, 1));
  const Array ids = Array::of<std::int64_t>({1, -1, 2, 1}, Shape{2, 2});
  EXPECT_EQ(embed_id(ids, W, -1).shape(), (Shape{2, 2, 2}));
  EXPECT_THAT(values(embed_id(ids, W, -1)), ElementsAre(10, 11, 0, 0, 20, 21, 10, 11));
  EXPECT_EQ(embed_id(ids.slice(0, 0, 0), W).shape(), (Shape{0, 2, 2}));
}

TEST(EmbedId, HasDerivatives) {
  const Array ids = indices({3, 0, 4, 3, 3, 1});
  expect_derivatives([&](const Variables& W) { return Variables{embed_id(ids, W[0])}; },
                     {numbers({5, 3})});
  expect_derivatives([&](const Variables& W) { return Variables{embed_id(ids, W[0], 3)}; },
                     {numbers({5, 3}).transpose({0, 1})});
  const Variable W(numbers({5, 2}));
  sum(embed_id(ids, W, 3)).backward();
  EXPECT_THAT(values(W.grad()), ElementsAre(1, 1, 1, 1, 0, 0, 0, 0, 1, 1));
}

TEST(EmbedId, RefusesWhatIsNoId) {
  const Array W = numbers({3, 2});
  EXPECT_EQ(message_of([&] {
              embed_id(indices({0, 3}), W);
            }),
            "embed_id: labels must lie between 0 and 2, but there is 3");
  EXPECT_EQ(message_of([&] {
              embed_id(indices({-1, 1}), W);
            }),
            "embed_id: labels must lie between 0 and 2, but there is -1");
  EXPECT_EQ(message_of([&] {
              embed_id(indices({-2, -1}), W, -1);
            }),
            "embed_id: labels must lie between 0 and 2 or be the ignored -1, but there is -2");
  EXPECT_EQ(message_of([&] { embed_id(vector({1}), W); }),
            "embed_id: x must hold integers along at least 1 axis, but x is float64(1) and W is "
            "float64(3, 2)");
  EXPECT_EQ(message_of([&] { embed_id(indices({1}), W.reshape({6})); }),
            "embed_id: W must be a matrix of floating numbers, but x is int32(1) and W is "
            "float64(6)");
}

}  // namespace
}  // namespace autograd
