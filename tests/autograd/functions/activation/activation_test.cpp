#include "autograd/functions/activation/activation.h"

#include <cmath>

#include "autograd/functions/math/exponential.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(Softmax, SumsToOneWithoutOverflow) {
  EXPECT_THAT(values(softmax(matrix({1, 2}, {0, std::log(3)}))),
              ElementsAre(DoubleNear(0.25, 1e-15), DoubleNear(0.75, 1e-15)));
  EXPECT_THAT(values(softmax(matrix({1, 3}, {1000, 1000, -1000}))), ElementsAre(0.5, 0.5, 0));
  EXPECT_THAT(values(softmax(matrix({1, 2}, {-kInf, -1e300}))), ElementsAre(0, 1));
  EXPECT_THAT(values(softmax(vector({5}), 0)), ElementsAre(1));
  EXPECT_EQ(softmax(numbers({0, 3})).shape(), (Shape{0, 3}));
  EXPECT_EQ(softmax(numbers({3, 0})).shape(), (Shape{3, 0}));
  EXPECT_EQ(message_of([] { softmax(vector({1})); }),
            "softmax: axis must be in [-1, 1) for an array of 1 axes, but it is 1");
  EXPECT_EQ(message_of([] {
              softmax(Array::zeros({1, 2}, Dtype::int32));
            }),
            "softmax: x must be float32 or float64, but x is int32(1, 2)");
}

TEST(LogSoftmax, KeepsSmallProbabilities) {
  EXPECT_THAT(values(log_softmax(matrix({1, 2}, {0, 1000}))), ElementsAre(-1000, 0));
  const Array x = numbers({2, 3, 2});
  const auto y = values(exp(log_softmax(x))), expected = values(softmax(x));
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], expected[i], 1e-15);
}

TEST(Activations, TakeTheirParametersFromAxisOne) {
  EXPECT_THAT(values(prelu(matrix({2, 2}, {-1, -1, 0, 2}), vector({2, 3}))),
              ElementsAre(-2, -3, 0, 2));
  EXPECT_THAT(values(prelu(vector({-1, 2}), Array::scalar(0.5))), ElementsAre(-0.5, 2));
  EXPECT_EQ(swish(numbers({2, 3, 4}), numbers({3})).shape(), (Shape{2, 3, 4}));
  EXPECT_THAT(values(swish(vector({1}), Array::scalar(0.0))), ElementsAre(0.5));
  EXPECT_EQ(message_of([] {
              prelu(numbers({2, 3}), numbers({2}));
            }),
            "prelu: the axes of x from axis 1 on must match those of W, but x is float64(2, 3) and "
            "W is float64(2)");
}

TEST(Prelu, HasSlopeOneAtZero) {
  const Variable x(matrix({1, 2}, {0, 0})), W(vector({3, 4}));
  const Variables g =
      grad({prelu(x, W)}, {x, W}, {.grad_outputs = {Variable(matrix({1, 2}, {1, 1}))}});
  EXPECT_THAT(values(g[0]), ElementsAre(1, 1));
  EXPECT_THAT(values(g[1]), ElementsAre(0, 0));
}

TEST(Activations, PoolAndDouble) {
  EXPECT_THAT(values(crelu(matrix({1, 2}, {1, -2}))), ElementsAre(1, 0, 0, 2));
  EXPECT_THAT(values(maxout(matrix({1, 4}, {1, 3, 2, 0}), 2)), ElementsAre(3, 2));
  EXPECT_EQ(maxout(numbers({4, 3}), 2, 0).shape(), (Shape{2, 3}));
  EXPECT_EQ(
      message_of([] {
        maxout(numbers({2, 3}), 2);
      }),
      "maxout: the length of axis 1 must be divisible by pool_size = 2, but x is float64(2, 3)");
  EXPECT_NEAR(selu(vector({1})).item(), 1.0507009873554805, 1e-15);
  EXPECT_NEAR(selu(vector({-1})).item(), 1.0507009873554805 * 1.6732632423543772 * std::expm1(-1),
              1e-15);
}

TEST(Rrelu, DrawsASlopeForEachElement) {
  const Array x = matrix({2, 3}, {-1, 2, -3, 0, -5, 6});
  // numpy.random.seed(0); chainer.functions.rrelu(x, return_r=True)
  random::Generator generator(0);
  const RreluDraw drawn = rrelu_with_r(x, 1. / 8, 1. / 3, {}, generator);
  EXPECT_THAT(values(drawn.r),
              ElementsAre(0.23933614665152597, 0.27399778466092073, 0.2505757033482591,
                          0.23851732979102017, 0.21326141652893849, 0.25956127355555336));
  EXPECT_THAT(values(drawn.y),
              ElementsAre(-0.23933614665152597, 2, -0.7517271100447773, 0, -1.0663070826446925, 6));
  EXPECT_EQ(values(rrelu(x, 1. / 8, 1. / 3, {.r = drawn.r})), values(drawn.y));
  EXPECT_EQ(values(rrelu(x, 0.1, 0.2, {.r = drawn.r})), values(drawn.y));
  {
    const ConfigScope testing = using_config(&Config::train, false);
    EXPECT_THAT(values(rrelu(x, 0.25, 0.75)), ElementsAre(-0.5, 2, -1.5, 0, -2.5, 6));
  }
  const std::string rule = "rrelu: l and u must be 0 <= l < u < 1, but they are 0.5 and 0.5";
  EXPECT_EQ(message_of([&] { rrelu(x, 0.5, 0.5); }), rule);
  EXPECT_EQ(message_of([&] { rrelu(x, 1. / 8, 1. / 3, {.r = numbers({3})}); }),
            "rrelu: all arguments must have one shape, but x is float64(2, 3) and r is float64(3)");
  expect_derivatives(
      [&](const Variables& v) { return Variables{rrelu(v[0], 0, 0.5, {.r = drawn.r})}; },
      {numbers({2, 3})});
}

TEST(Activations, HaveDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{softmax(x[0]), softmax(x[0], 0), softmax(x[0], -1)};
      },
      [](const Variables& x) {
        return Variables{log_softmax(x[0]), log_softmax(x[0], 0), log_softmax(x[0], -1)};
      },
      [](const Variables& x) {
        return Variables{selu(x[0]), crelu(x[0]), crelu(x[0], 0), maxout(x[0], 2)};
      },
  };
  for (const Function& f : functions) {
    SCOPED_TRACE(&f - functions);
    expect_derivatives(f, {numbers({2, 4, 2})});
    expect_derivatives(f, {numbers({3, 2, 2}).transpose()});
    expect_derivatives(f, {numbers({0, 4, 2})});
  }
  for (const Shape& shape : {Shape{}, Shape{3}, Shape{3, 2}})
    expect_derivatives(
        [](const Variables& x) {
          return Variables{prelu(x[0], x[1]), swish(x[0], x[1])};
        },
        {numbers({2, 3, 2}), numbers(shape, 1)});
}

}  // namespace
}  // namespace autograd
