#include "autograd/functions/math/reduction.h"

#include <cmath>

#include "autograd/array/map.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/scan.h"
#include "autograd/functions/normalization/normalization.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

const Array kTied = matrix({2, 3}, {1, 5, 3, 5, 2, 5});

Array gradient(const Function& f, const Array& x) {
  const Variable v(x);
  return grad({sum(f({v})[0])}, {v})[0].array();
}

TEST(Mean, DividesBySize) {
  EXPECT_THAT(values(mean(kTied)), ElementsAre(3.5));
  EXPECT_THAT(values(mean(kTied, 1)), ElementsAre(3, 4));
  EXPECT_EQ(shape_of(mean(kTied, -1, true)), "(2, 1)");
  EXPECT_EQ(shape_of(mean(numbers({2, 3, 4}), {0, 2})), "(3)");
  EXPECT_THAT(values(mean(Array::scalar(2.0))), ElementsAre(2));
  EXPECT_TRUE(std::isnan(mean(numbers({0})).item()));
  EXPECT_EQ(mean(kTied).creator(), nullptr);
}

TEST(Average, WeighsElements) {
  EXPECT_THAT(values(average(kTied, 1, vector({1, 0, 3}))), ElementsAre(2.5, 5));
  EXPECT_THAT(values(average(kTied, std::nullopt, matrix({2, 3}, {0, 1, 1, 0, 0, 0}))),
              ElementsAre(4));
  EXPECT_EQ(shape_of(average(kTied, -1, vector({1, 0, 3}), true)), "(2, 1)");
  EXPECT_EQ(values(average(kTied, 0)), values(mean(kTied, 0)));
  EXPECT_EQ(message_of([] {
              average(kTied, {0, 1}, vector({1, 2}));
            }),
            "average: with weights, at most one axis may be listed, but x is float64(2, 3) and "
            "weights is float64(2)");
  EXPECT_EQ(message_of([] {
              average(kTied, 1, vector({1, 2}));
            }),
            "average: the number of weights must be the length of the axis, but x is float64(2, 3) "
            "and weights is float64(2)");
  EXPECT_EQ(
      message_of([] {
        average(kTied, std::nullopt, vector({1, 2}));
      }),
      "average: the weights must have x's shape, but x is float64(2, 3) and weights is float64(2)");
}

TEST(Reductions, OverAnEmptyListOfAxesReduceNothing) {
  for (const Shape& shape : {Shape{2, 3}, Shape{4}, Shape{}, Shape{2, 0}}) {
    const Array x = numbers(shape);
    for (const bool keepdims : {false, true}) {
      const Function each[] = {
          [=](const Variables& v) { return Variables{sum(v[0], {}, keepdims)}; },
          [=](const Variables& v) { return Variables{mean(v[0], {}, keepdims)}; },
          [=](const Variables& v) { return Variables{max(v[0], {}, keepdims)}; },
          [=](const Variables& v) { return Variables{min(v[0], {}, keepdims)}; },
          [=](const Variables& v) { return Variables{prod(v[0], {}, keepdims)}; },
          [=](const Variables& v) { return Variables{average(v[0], {}, {}, keepdims)}; },
          [=](const Variables& v) { return Variables{logsumexp(v[0], {})}; },
          [=](const Variables& v) { return Variables{squeeze(v[0], {})}; }};
      for (const Function& f : each) {
        expect_near(f({as_variable(x)})[0], x, 1e-15);
        expect_derivatives(f, {x});
      }
    }
    // |x| is the length of each element by itself.
    expect_near(normalize(x, 0.5, {}), Variable(x) / (absolute(x) + 0.5), 1e-15);
  }
  expect_near(average(kTied, {}, vector({2})), kTied, 1e-15);
  EXPECT_EQ(message_of([] {
              average(kTied, {}, vector({1, 2}));
            }),
            "average: the number of weights must be the length of the axis, but x is float64(2, 3) "
            "and weights is float64(2)");
  EXPECT_EQ(shape_of(squeeze(numbers({1, 2, 1}), {})), "(1, 2, 1)");
  EXPECT_EQ(shape_of(squeeze(numbers({1, 2, 1}))), "(2)");
  EXPECT_THAT(values(sum(kTied, std::nullopt)), ElementsAre(21));
}

TEST(Extremes, AreFound) {
  EXPECT_THAT(values(max(kTied)), ElementsAre(5));
  EXPECT_THAT(values(max(kTied, 0)), ElementsAre(5, 5, 5));
  EXPECT_THAT(values(min(kTied, 1)), ElementsAre(1, 2));
  EXPECT_EQ(shape_of(min(kTied, 1, true)), "(2, 1)");
  EXPECT_THAT(values(argmax(kTied)), ElementsAre(1));
  EXPECT_THAT(values(argmax(kTied, 1)), ElementsAre(1, 0));
  EXPECT_THAT(values(argmin(kTied, -2)), ElementsAre(0, 1, 0));
  EXPECT_EQ(argmax(kTied).dtype(), Dtype::int32);
  EXPECT_TRUE(std::isnan(max(vector({1, std::nan(""), 2})).item()));
  EXPECT_EQ(message_of([] {
              max(numbers({2, 0}), 1);
            }),
            "max: an axis of length 0 has no maximum or minimum, but x is float64(2, 0)");
  EXPECT_EQ(message_of([] { min(indices({1})); }),
            "min: x must be float32 or float64, but x is int32(1)");
}

TEST(Extremes, GiveEveryEqualElementTheWholeGradient) {
  EXPECT_THAT(values(gradient([](const Variables& x) { return Variables{max(x[0])}; }, kTied)),
              ElementsAre(0, 1, 0, 1, 0, 1));
  EXPECT_THAT(values(gradient([](const Variables& x) { return Variables{max(x[0], 1)}; }, kTied)),
              ElementsAre(0, 1, 0, 1, 0, 1));
  EXPECT_THAT(values(gradient([](const Variables& x) { return Variables{min(x[0], 0)}; }, kTied)),
              ElementsAre(1, 0, 1, 0, 1, 0));
}

TEST(LogSumExp, DoesNotOverflow) {
  EXPECT_NEAR(logsumexp(vector({0, std::log(3)})).item(), std::log(4), 1e-15);
  EXPECT_NEAR(logsumexp(vector({1000, 1000})).item(), 1000 + std::log(2), 1e-12);
  EXPECT_NEAR(logsumexp(vector({-1000, -1000})).item(), -1000 + std::log(2), 1e-12);
  EXPECT_EQ(logsumexp(vector({-kInf, -kInf})).item(), -kInf);
  EXPECT_EQ(logsumexp(vector({-kInf, 1})).item(), 1);
  EXPECT_EQ(logsumexp(vector({kInf, 1})).item(), kInf);
  EXPECT_TRUE(std::isnan(logsumexp(vector({std::nan(""), 1})).item()));
  EXPECT_THAT(values(logsumexp(numbers({2, 0}), 1)), ElementsAre(-kInf, -kInf));
  EXPECT_THAT(values(gradient([](const Variables& x) { return Variables{logsumexp(x[0])}; },
                              vector({1000, -1000}))),
              ElementsAre(1, 0));
}

TEST(BatchL2NormSquared, SumsTheSquaresOfEachSample) {
  EXPECT_THAT(values(batch_l2_norm_squared(kTied)), ElementsAre(35, 54));
  EXPECT_EQ(shape_of(batch_l2_norm_squared(numbers({2, 3, 4}))), "(2)");
  EXPECT_EQ(message_of([] { batch_l2_norm_squared(vector({1})); }),
            "batch_l2_norm_squared: x must have at least 2 axes, but x is float64(1)");
}

TEST(Reduction, HasDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{sum(x[0]), sum(x[0], 1), sum(x[0], {0, -1}, true)};
      },
      [](const Variables& x) {
        return Variables{mean(x[0]), mean(x[0], 1), mean(x[0], {0, -1}, true)};
      },
      [](const Variables& x) {
        return Variables{max(x[0]), max(x[0], 1), min(x[0], {0, -1}, true)};
      },
      [](const Variables& x) {
        return Variables{logsumexp(x[0]), logsumexp(x[0], 1), logsumexp(x[0], {0, -1})};
      },
      [](const Variables& x) { return Variables{batch_l2_norm_squared(x[0])}; },
  };
  for (const Function& f : functions) {
    SCOPED_TRACE(&f - functions);
    expect_derivatives(f, {numbers({2, 3, 2})});
    expect_derivatives(f, {numbers({2, 3, 4}).transpose()});
  }
  expect_derivatives(
      [](const Variables& x) {
        return Variables{sum(x[0], 1), logsumexp(x[0], 1)};
      },
      {numbers({0, 3})});
  expect_derivatives(
      [](const Variables& x) {
        return Variables{sum(x[0]), mean(x[0]), max(x[0]), logsumexp(x[0])};
      },
      {Array::scalar(0.5)});
  const Array weights = map(ops::Absolute{}, numbers({3}, 1));
  expect_derivatives([](const Variables& x) { return Variables{average(x[0], 1, x[1])}; },
                     {numbers({2, 3}), weights});
  expect_derivatives(
      [](const Variables& x) { return Variables{average(x[0], std::nullopt, x[1], true)}; },
      {numbers({3}), weights});
}

}  // namespace
}  // namespace autograd
