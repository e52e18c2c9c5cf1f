#include "nn/vae/collapse.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "autograd/array/linalg.h"
#include "autograd/base/error.h"
#include "nn/datasets/digits.h"
#include "tests/message.h"

namespace nn::vae {
namespace {

using autograd::Array;

// The 26 largest eigenvalues of the covariance of MNIST's training images, pixels in [0, 1], and
// the rest of the total variance in pieces too small to matter.
std::vector<double> mnist() {
  std::vector<double> lambdas{5.11679, 3.74133, 3.25265, 2.84157, 2.56708, 2.27363, 1.72513,
                              1.52054, 1.45628, 1.24273, 1.11207, 1.06662, 0.90467, 0.89217,
                              0.83234, 0.78189, 0.69838, 0.67324, 0.62598, 0.60775, 0.56214,
                              0.53079, 0.50277, 0.48114, 0.46578, 0.44253};
  const double rest = 52.7250 - std::accumulate(lambdas.begin(), lambdas.end(), 0.0);
  lambdas.insert(lambdas.end(), 758, rest / 758);
  return lambdas;
}

// The embedded digits, all 1,797 of them.
std::vector<double> digits() {
  const auto set = datasets::get_digits({.withlabel = false});
  std::vector<float> pixels = set.train.arrays()[0].to_vector<float>();
  const std::vector<float> test = set.test.arrays()[0].to_vector<float>();
  pixels.insert(pixels.end(), test.begin(), test.end());
  const Array x = Array::from(std::span<const float>(pixels), autograd::Shape{1797, 64});
  return autograd::array::eigvalsh(autograd::array::covariance(x)).to_vector<double>();
}

TEST(LearnedVariance, IsWhatTheDirectionsNotUsedLeave) {
  const std::vector<double> lambdas{4, 2, 1, 0.5, 0.5};
  EXPECT_DOUBLE_EQ(learned_variance(lambdas, {.units = 1}), 4. / 4);
  EXPECT_DOUBLE_EQ(learned_variance(lambdas, {.units = 2}), 2. / 3);
  // The equal ones at the end are no directions of their own.
  EXPECT_DOUBLE_EQ(learned_variance(lambdas), 0.5);
  EXPECT_DOUBLE_EQ(learned_variance(lambdas, {.beta = 3}), 8. / 5);  // 4 < 3 * 8 / 5: none is used
  EXPECT_DOUBLE_EQ(learned_variance(lambdas, {.beta = 2}), 4. / 3);  // 2 < 2 * 4 / 3: one is
  EXPECT_EQ(learned_variance(std::vector<double>{1, 0, 0}), 0);
  EXPECT_DOUBLE_EQ(learned_variance(std::vector<double>{2, 2, 2}), 2);
  EXPECT_THROW(learned_variance({}), autograd::Error);
}

// What the formula is the optimum of, found by search: D / 2 ln s + error / (2 s) + beta KL.
TEST(LearnedVariance, IsTheMinimumOfTheObjective) {
  const std::vector<double> lambdas = digits();
  for (const double beta : {1., 0.3, 4.}) {
    const double found = learned_variance(lambdas, {.beta = beta, .units = 10});
    const auto objective = [&](double s) {
      const auto p = predict_collapse(lambdas, {.weight = 1 / (2 * s), .beta = beta, .units = 10});
      return 32 * std::log(s) + p.squared_error / (2 * s) + beta * p.kl;
    };
    for (const double factor : {0.5, 0.9, 0.99, 1.01, 1.1, 2.})
      EXPECT_GT(objective(found * factor), objective(found)) << beta << " " << factor;
  }
}

TEST(PredictCollapse, MnistWithASummedSquaredErrorWorks) {
  const CollapsePrediction p = predict_collapse(mnist(), {.weight = 1, .units = 20});
  EXPECT_EQ(p.sigma2, 0.5);
  EXPECT_EQ(p.lambda_1, 5.11679);
  EXPECT_NEAR(p.total_variance, 52.7250, 1e-4);
  EXPECT_EQ(p.directions, 23);
  EXPECT_EQ(p.used, 20);
  EXPECT_FALSE(p.collapse);
  EXPECT_NEAR(p.critical_weight, 0.09772, 5e-6);
  EXPECT_NEAR(p.kl, 10.083, 1e-3);
  EXPECT_NEAR(predict_collapse(mnist(), {.weight = 1}).kl, 10.174, 1e-3);
}

TEST(PredictCollapse, MnistWithAMeanCollapses) {
  for (const double weight : {1. / 784, 1. / 100, 0.05, 0.09}) {
    const CollapsePrediction p = predict_collapse(mnist(), {.weight = weight});
    EXPECT_TRUE(p.collapse) << weight;
    EXPECT_EQ(p.directions, 0);
    EXPECT_EQ(p.kl, 0);
    EXPECT_EQ(p.squared_error, p.total_variance);
  }
  EXPECT_DOUBLE_EQ(predict_collapse(mnist(), {.weight = 1. / 784}).sigma2, 392);
  for (const double weight : {0.11, 0.13, 0.2})
    EXPECT_FALSE(predict_collapse(mnist(), {.weight = weight}).collapse);
}

TEST(PredictCollapse, TheDigits) {
  const std::vector<double> lambdas = digits();
  const CollapsePrediction p = predict_collapse(lambdas);
  EXPECT_NEAR(p.total_variance, 4.693, 5e-4);
  EXPECT_NEAR(p.critical_weight, 0.715, 5e-4);
  EXPECT_EQ(p.directions, 3);
  const std::vector<double> largest{0.699, 0.639, 0.554, 0.395};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(lambdas[63 - i], largest[i], 5e-4);
  EXPECT_TRUE(predict_collapse(lambdas, {.weight = 1. / 64}).collapse);
  EXPECT_TRUE(predict_collapse(lambdas, {.weight = 0.5}).collapse);
}

TEST(PredictCollapse, OfExamplesIsThatOfTheirCovariance) {
  const Array x = datasets::get_digits({.withlabel = false, .ndim = 2}).train.arrays()[0];
  ASSERT_EQ(x.ndim(), 3);
  const CollapsePrediction p = predict_collapse(x, {.weight = 2, .units = 4});
  const Array rows = x.reshape({1500, 64});
  const CollapsePrediction q = predict_collapse(
      autograd::array::eigvalsh(autograd::array::covariance(rows)).to_vector<double>(),
      {.weight = 2, .units = 4});
  EXPECT_EQ(p.kl, q.kl);
  EXPECT_EQ(p.used, 4);
  EXPECT_GT(p.directions, 4);
}

// One direction of the variance 2 and sigma^2 = 1/2: the optimum has the KL ln(4) / 2 and leaves
// 1/2 of that variance.
TEST(PredictCollapse, InTheSmall) {
  const CollapsePrediction p = predict_collapse(std::vector<double>{0.25, 2, -1e-17});
  EXPECT_EQ(p.directions, 1);
  EXPECT_DOUBLE_EQ(p.kl, std::log(2));
  EXPECT_DOUBLE_EQ(p.squared_error, 0.75);
  EXPECT_DOUBLE_EQ(p.total_variance, 2.25);
  EXPECT_DOUBLE_EQ(p.critical_weight, 0.25);
}

TEST(PredictCollapse, OnlyTheRatioOfTheWeightsCounts) {
  const CollapsePrediction a = predict_collapse(mnist(), {.weight = 0.5, .beta = 2}),
                           b = predict_collapse(mnist(), {.weight = 0.25, .beta = 1});
  EXPECT_EQ(a.sigma2, b.sigma2);
  EXPECT_EQ(a.kl, b.kl);
  EXPECT_DOUBLE_EQ(a.critical_weight, 2 * b.critical_weight);
}

TEST(PredictCollapse, AtTheThresholdAndBeyondTheEnds) {
  EXPECT_TRUE(predict_collapse(std::vector<double>{0.5}).collapse);
  const CollapsePrediction constant = predict_collapse(std::vector<double>{0, 0});
  EXPECT_TRUE(constant.collapse);
  EXPECT_EQ(constant.critical_weight, std::numeric_limits<double>::infinity());
  // Without a KL term every direction is worth its code.
  const CollapsePrediction free = predict_collapse(std::vector<double>{1, 2, 0}, {.beta = 0});
  EXPECT_EQ(free.used, 2);
  EXPECT_EQ(free.critical_weight, 0);
  EXPECT_EQ(free.kl, std::numeric_limits<double>::infinity());
}

TEST(PredictCollapse, KnowsTheBorderAndWhatIsFaint) {
  const CollapsePrediction on = predict_collapse(mnist(), {.weight = 0.11});
  EXPECT_TRUE(on.on_border());
  EXPECT_FALSE(predict_collapse(mnist(), {.weight = 0.13}).on_border());
  EXPECT_FALSE(predict_collapse(mnist(), {.weight = 0.09}).on_border());
  EXPECT_TRUE(predict_collapse(mnist(), {.weight = 0.2}).faint(0.2));
  EXPECT_FALSE(predict_collapse(mnist(), {.weight = 0.5}).faint(0.5));
  EXPECT_NEAR(cure_factor(predict_collapse(mnist(), {.weight = 1. / 784}), {.weight = 1. / 784}),
              766.1, 0.1);
}

TEST(DescribeCollapse, SaysTheConclusionFirstAndTheCureApartFromTheBorder) {
  const CollapseOptions mean{.weight = 1. / 784, .units = 20};
  const std::string words =
      describe(predict_collapse(mnist(), mean), mean, 784,
               {.cure = [](double factor) { return fmt::format("--times {:.3g}", factor); }});
  EXPECT_EQ(words,
            "Collapse expected (linear theory): every input gives the same output, close to the "
            "mean. With any\n"
            "  model, a code lowers the loss by at most 0.0673 nats per example, the whole "
            "reconstruction term of\n"
            "  the mean.\n"
            "Border: c = 0.09772, 76.61 times this weight. To distinguish the inputs, use c of "
            "about 0.98:\n"
            "  --times 766.\n"
            "Numbers: the weight of a squared error is c = 0.001276, so sigma^2 = beta / (2 c) = "
            "392; the\n"
            "  variance of the data is 52.73, with 5.117 in the widest direction; 0 of 784 "
            "directions exceed\n"
            "  sigma^2.");
}

TEST(DescribeCollapse, OfManyOutputsIsNotGiven) {
  EXPECT_EQ(describe_collapse(Array::zeros({2, 5000}, autograd::Dtype::float32), {}),
            "Collapse: no prediction for more than 4096 outputs (there are 5000).");
}

TEST(PredictCollapse, SaysWhatItCannotTake) {
  const std::vector<double> one{1};
  EXPECT_EQ(message_of([&] { predict_collapse(one, {.weight = 0}); }),
            "predict_collapse: weight must be positive and finite, but it is 0");
  EXPECT_EQ(message_of([&] { predict_collapse(one, {.beta = -1}); }),
            "predict_collapse: beta must be finite and not negative, but it is -1");
  EXPECT_EQ(message_of([&] { predict_collapse(one, {.units = 0}); }),
            "predict_collapse: units must be at least 1, but it is 0");
  EXPECT_EQ(message_of([&] { predict_collapse(std::vector<double>{NAN}); }),
            "predict_collapse: every eigenvalue must be finite, but it is nan");
  EXPECT_EQ(message_of([&] { predict_collapse(std::vector<double>{}); }),
            "predict_collapse: there must be an eigenvalue, but there is none");
  EXPECT_EQ(message_of([&] { predict_collapse(Array::zeros({3}, autograd::Dtype::float32)); }),
            "predict_collapse: x must have at least 2 axes, examples first, but x is float32(3)");
}

}  // namespace
}  // namespace nn::vae
