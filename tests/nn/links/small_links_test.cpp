#include <gmock/gmock.h>

#include "autograd/functions/math/reduction.h"
#include "nn/links/activation/activations.h"
#include "nn/links/activation/maxout.h"
#include "nn/links/connection/bias.h"
#include "nn/links/connection/bilinear.h"
#include "nn/links/connection/parameter.h"
#include "nn/links/connection/scale.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using ::testing::ElementsAre;
using ::testing::ThrowsMessage;

const Array kSixNumbers = Array::of<float>({1, -2, 3, -4, 5, -6}, {{2, 3}});

TEST(Bias, HasAParameterOrIsGivenOne) {
  Bias with(1, Shape{3});
  EXPECT_THAT(paths(with), ElementsAre("/b"));
  EXPECT_EQ(values(with(kSixNumbers)), values(kSixNumbers));
  Bias without(0);
  EXPECT_THAT(paths(without), ElementsAre());
  EXPECT_THAT(values(without(kSixNumbers, Array::of<float>({10, 20}))),
              ElementsAre(11, 8, 13, 16, 25, 14));
  EXPECT_THAT(
      [&] { without(kSixNumbers); },
      ThrowsMessage<autograd::Error>(
          "Bias: without a shape each call must be given x and b, but it was given x only"));
  EXPECT_THAT(
      [&] { with(kSixNumbers, kSixNumbers); },
      ThrowsMessage<autograd::Error>(
          "Bias: with a shape each call must be given x only, but it was given two inputs"));
}

TEST(Scale, HasParametersOrIsGivenThem) {
  Scale both(1, {.W_shape = Shape{3}, .bias_term = true});
  EXPECT_THAT(paths(both), ElementsAre("/W", "/bias/b"));
  EXPECT_EQ(values(both(kSixNumbers)), values(kSixNumbers));
  Scale given(1, {.bias_term = true, .bias_shape = Shape{3}});
  EXPECT_THAT(paths(given), ElementsAre("/bias/b"));
  EXPECT_THAT(values(given(kSixNumbers, Array::of<float>({1, 2, 3}))),
              ElementsAre(1, -4, 9, -4, 10, -18));
  EXPECT_THAT([] { Scale(1, {.bias_term = true}); },
              ThrowsMessage<autograd::Error>(
                  "Scale: without W_shape a bias must be given its bias_shape, but there is none"));
  EXPECT_THAT(
      [&] { given(kSixNumbers); },
      ThrowsMessage<autograd::Error>(
          "Scale: without W_shape each call must be given x and W, but it was given x only"));
  EXPECT_THAT(
      [&] { both(kSixNumbers, kSixNumbers); },
      ThrowsMessage<autograd::Error>(
          "Scale: with W_shape each call must be given x only, but it was given two inputs"));
}

TEST(PReLU, StartsFromAQuarter) {
  PReLU one, each(Shape{3}, 0.5);
  EXPECT_THAT(values(one(kSixNumbers)), ElementsAre(1, -0.5, 3, -1, 5, -1.5));
  EXPECT_THAT(values(each(kSixNumbers)), ElementsAre(1, -1, 3, -2, 5, -3));
  EXPECT_THAT(paths(each), ElementsAre("/W"));
}

TEST(Swish, TakesItsShapeFromTheFirstInput) {
  Swish later(None), zero(Shape{}, 0);
  EXPECT_FALSE(later.beta.is_initialized());
  later(kSixNumbers);
  EXPECT_THAT(values(later.beta), ElementsAre(1, 1, 1));
  EXPECT_THAT(values(zero(kSixNumbers)), ElementsAre(0.5, -1, 1.5, -2, 2.5, -3));
  EXPECT_THAT(paths(zero), ElementsAre("/beta"));
}

TEST(Maxout, TakesTheGreatestOfEachPool) {
  Maxout l(3, 1, 2, {.initialW = Array::of<float>({1, 0, 0, 0, 1, 0}, {{2, 3}})});
  EXPECT_THAT(paths(l), ElementsAre("/linear/W", "/linear/b"));
  EXPECT_THAT(values(l(kSixNumbers)), ElementsAre(1, 5));
  // numpy.random.seed(0); chainer.links.Maxout(2, 2, 2).linear.W.array
  autograd::random::seed(0);
  const std::vector<float> drawn = values(Maxout(2, 2, 2).linear.W);
  EXPECT_EQ(drawn.front(), 1.247373342514038f);
  EXPECT_EQ(drawn.back(), -0.10702570527791977f);
}

TEST(Bilinear, DrawsAsChainerDoes) {
  // numpy.random.seed(0); chainer.links.Bilinear(2, 3, 2)
  autograd::random::seed(0);
  Bilinear l(2, 3, 2);
  EXPECT_THAT(paths(l), ElementsAre("/V1", "/V2", "/W", "/b"));
  EXPECT_EQ(values(l.W).front(), 0.720171332359314f);
  EXPECT_EQ(values(l.W).back(), 0.5937047004699707f);
  EXPECT_THAT(values(l.V1), ElementsAre(0.5381349325180054f, 0.08603722602128983f,
                                        0.31385868787765503f, 0.23594337701797485f));
  EXPECT_EQ(values(l.V2).back(), 0.46217814087867737f);
  EXPECT_THAT(values(l.b), ElementsAre(0, 0));
  EXPECT_EQ(l(Array::zeros({4, 2}, Dtype::float32), Array::zeros({4, 3}, Dtype::float32)).shape(),
            (Shape{4, 2}));

  Bilinear bare(2, 3, 2, {.nobias = true});
  EXPECT_THAT(paths(bare), ElementsAre("/W"));
  EXPECT_EQ(
      bare(Array::zeros({4, 2}, Dtype::float32), Array::zeros({4, 3}, Dtype::float32)).shape(),
      (Shape{4, 2}));
}

TEST(ParameterLink, IsItsParameter) {
  ParameterLink l(kSixNumbers);
  EXPECT_THAT(paths(l), ElementsAre("/W"));
  EXPECT_EQ(values(l()), values(kSixNumbers));
  sum(l()).backward();
  EXPECT_THAT(l.W.grad().to_vector<float>(), ElementsAre(1, 1, 1, 1, 1, 1));
}

}  // namespace
}  // namespace nn
