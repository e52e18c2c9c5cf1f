#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "autograd/testing/gradient_check.h"
#include "examples/vae_lab/beta_schedule.h"
#include "examples/vae_lab/net.h"
#include "examples/vae_lab/options.h"
#include "examples/vae_lab/rec_loss.h"
#include "tests/examples/vae_lab/parse.h"

namespace vae::lab {
namespace {

namespace random = autograd::random;
using autograd::Array;

// The reconstruction term of the same small model for the same batch of five and the same draws.
double rec_loss(const std::string& kind, double weight = 1, int k = 1, double sigma = 1) {
  random::seed(0);
  VAE model(12, 3, 7);
  const Array x = autograd::array::rand({5, 12}, autograd::Dtype::float32, random::generator());
  model.get_loss_func({.k = k, .rec_loss = kind, .rec_weight = weight, .sigma = sigma})(x);
  return model.rec_loss.item();
}

constexpr double kFloat = 1e-6;  // relative: sums of 60 float32 numbers in another order

TEST(RecLoss, PixelsTimesTheMeanIsTheSum) {
  const double sum = rec_loss("sum_squared_error");
  EXPECT_NEAR(rec_loss("pixels_x_mean_squared_error"), sum, kFloat * sum);
  EXPECT_NEAR(12 * rec_loss("mean_squared_error"), sum, kFloat * sum);
  EXPECT_NEAR(5 * rec_loss("pixels_x_mean_squared_error_over_batch"), sum, kFloat * sum);
  EXPECT_NEAR(rec_loss("mean_squared_error_255"), 255 * 255 / 12. * sum,
              2 * kFloat * 255 * 255 / 12. * sum);
}

TEST(RecLoss, IsAveragedOverKDrawsInEveryForm) {
  const double sum = rec_loss("sum_squared_error", 1, 3);
  EXPECT_NEAR(rec_loss("pixels_x_mean_squared_error", 1, 3), sum, kFloat * sum);
  EXPECT_NEAR(5 * rec_loss("pixels_x_mean_squared_error_over_batch", 1, 3), sum, kFloat * sum);
}

TEST(RecLoss, IsMultipliedByItsWeight) {
  for (const RecLoss& loss : rec_losses()) {
    const double one = rec_loss(std::string(loss.name));
    EXPECT_NEAR(rec_loss(std::string(loss.name), 2.5), 2.5 * one, kFloat * std::abs(one) * 2.5)
        << loss.name;
  }
}

// What is declared beside a term: of a squared error that grows by 1, it grows by c.
TEST(RecLoss, WeighsASquaredErrorAsItSays) {
  const Array x = Array::zeros({5, 12}, autograd::Dtype::float64);
  for (const RecLoss& loss : rec_losses()) {
    if (loss.weight == nullptr) continue;
    const Variable ln_var =
        autograd::as_variable(Array::full({}, 2 * std::log(0.3), autograd::Dtype::float64));
    const auto term = [&](double error) {  // y - x in each pixel
      return loss
          .term({.x = x,
                 .decode =
                     [&](bool) {
                       return autograd::as_variable(Array::full({5, 12}, error, x.dtype()));
                     },
                 .ln_var = ln_var,
                 .k = 1,
                 .batchsize = 5,
                 .pixels = 12})
          .item();
    };
    const double c = loss.weight({.pixels = 12, .batchsize = 5, .sigma = 0.3});
    EXPECT_NEAR(term(0.5) - term(0), c * 12 * 0.25, 1e-12 * c * 12) << loss.name;
  }
}

TEST(RecLoss, AGaussianDecoderHasItsVarianceGivenLearnedOrBest) {
  constexpr double kLog2Pi = 1.8378770664093453, kPixelCount = 12;
  const double sum = rec_loss("sum_squared_error");
  for (const double sigma : {1., 0.3}) {
    const double expected =
        kPixelCount / 2 * (kLog2Pi + 2 * std::log(sigma)) + sum / (2 * sigma * sigma);
    EXPECT_NEAR(rec_loss("gaussian_nll", 1, 1, sigma), expected, 10 * kFloat * sum / sigma / sigma);
  }
  EXPECT_NEAR(rec_loss("gaussian_nll_optimal"),
              kPixelCount / 2 * (kLog2Pi + 1 + std::log(sum / kPixelCount)), 10 * kFloat * sum);

  random::seed(0);
  VAE model(12, 3, 7, {.ln_var_x = 2 * std::log(0.3)});
  const Array x = autograd::array::rand({5, 12}, autograd::Dtype::float32, random::generator());
  const Variable loss = model.get_loss_func({.rec_loss = "gaussian_nll_learned"})(x);
  EXPECT_NEAR(model.rec_loss.item(), rec_loss("gaussian_nll", 1, 1, 0.3), 10 * kFloat * sum / 0.09);
  loss.backward();
  const auto parameters = model.namedparams();
  const auto found = std::ranges::find(parameters, "/ln_var_x", &nn::NamedParameter::path);
  ASSERT_NE(found, parameters.end());
  // d/d ln_var of (ln_var D + sum e^-ln_var) / 2
  EXPECT_NEAR(found->parameter.grad().item(), (kPixelCount - sum / 0.09) / 2,
              10 * kFloat * sum / 0.09);
}

double continuous_bernoulli(double x, double logit) {
  const RecLoss& loss = *find_rec_loss("continuous_bernoulli");
  return loss
      .term(
          {.x = Array::full({1, 1}, x, autograd::Dtype::float64),
           .decode =
               [&](bool) {
                 return autograd::as_variable(Array::full({1, 1}, logit, autograd::Dtype::float64));
               },
           .ln_var = {},
           .k = 1,
           .batchsize = 1,
           .pixels = 1})
      .item();
}

TEST(RecLoss, TheContinuousBernoulliIsADensity) {
  // Simpson's rule; its error is below h^4 / 180 times the fourth derivative, at most 20^5.
  constexpr int kSteps = 2000;
  for (const double logit : {0., 1e-9, 0.3, 0.499, 0.501, -2., 7., -20.}) {
    double integral = 0;
    for (int i = 0; i <= kSteps; ++i) {
      const double weight = i == 0 || i == kSteps ? 1 : i % 2 == 1 ? 4 : 2;
      integral += weight * std::exp(-continuous_bernoulli(static_cast<double>(i) / kSteps, logit));
    }
    // The series of the normaliser is cut at u^8 / 100 <= 1.6e-7, and only below |logit| = 0.5.
    EXPECT_NEAR(integral / (3 * kSteps), 1, std::abs(logit) < 0.5 ? 2e-7 : 1e-8) << logit;
  }
}

TEST(RecLoss, TheGradientsOfAllTermsAreTheirDerivatives) {
  for (const RecLoss& loss : rec_losses()) {
    const Array x = Array::of<double>({0.1, 0.9, 0.4, 0, 1, 0.5}, {{2, 3}});
    const Array logits = Array::of<double>({0, 0.2, -0.4, 0.7, -3, 5}, {{2, 3}});
    const auto term = [&](const Variable& y, const Variable& ln_var) {
      return loss.term({.x = x,
                        .decode = [&](bool sigmoid) { return sigmoid ? F::sigmoid(y) : y; },
                        .ln_var = ln_var,
                        .k = 1,
                        .batchsize = 2,
                        .pixels = 3});
    };
    const Array ln_var = Array::full({}, -0.6, x.dtype());
    if (loss.variance == RecLoss::Variance::parameter || loss.name == "gaussian_nll") {
      EXPECT_NO_THROW(autograd::testing::check_backward(term, {logits, ln_var})) << loss.name;
    } else {
      EXPECT_NO_THROW(autograd::testing::check_backward(
          [&](const Variable& y) { return term(y, ln_var); }, {logits}))
          << loss.name;
    }
  }
}

TEST(RecLoss, IsFoundByItsName) {
  for (const RecLoss& loss : rec_losses()) EXPECT_EQ(find_rec_loss(std::string(loss.name)), &loss);
  EXPECT_EQ(find_rec_loss("mean"), nullptr);
  EXPECT_THROW(VAE(12, 3, 7).get_loss_func({.rec_loss = "mean"}), autograd::Error);
}

// Units that carry less than the free bits cost as much as those, and are not pulled.
TEST(RecLoss, FreeBitsAreTheLeastThatAUnitCosts) {
  random::seed(0);
  VAE model(12, 3, 7);
  const Array x = autograd::array::rand({5, 12}, autograd::Dtype::float32, random::generator());
  model.get_loss_func({.free_bits = 1000})(x);
  EXPECT_EQ(model.latent_loss.item(), 3000);
  model.latent_loss.backward();
  for (const auto& [name, parameter] : model.namedparams()) {
    if (!name.starts_with("/le")) continue;
    for (const double g : parameter.grad().to_vector<double>()) EXPECT_EQ(g, 0) << name;
  }
  model.get_loss_func({.free_bits = 1e-12})(x);
  const double with = model.latent_loss.item();
  model.get_loss_func({})(x);
  EXPECT_NEAR(with, model.latent_loss.item(), kFloat * with);
}

TEST(BetaSchedule, EachLeadsToOne) {
  const auto factor = [](std::string_view name, double t) {
    return find_beta_schedule(name)->factor(t);
  };
  EXPECT_EQ(factor("constant", 0), 1);
  EXPECT_EQ(factor("linear", 0), 0);
  EXPECT_EQ(factor("linear", 0.25), 0.5);
  EXPECT_EQ(factor("linear", 0.7), 1);
  EXPECT_EQ(factor("cyclic", 0), 0);
  EXPECT_EQ(factor("cyclic", 0.0625), 0.5);
  EXPECT_EQ(factor("cyclic", 0.2), 1);
  EXPECT_EQ(factor("cyclic", 0.25), 0);
  EXPECT_EQ(factor("cyclic", 0.8125), 0.5);
  EXPECT_EQ(factor("sigmoid", 0.25), 0.5);
  EXPECT_NEAR(factor("sigmoid", 0), 0.0067, 1e-4);
  for (const BetaSchedule& schedule : beta_schedules())
    EXPECT_NEAR(schedule.factor(1), 1, 1e-6) << schedule.name;
  EXPECT_EQ(find_beta_schedule("exponential"), nullptr);
}

TEST(BetaSchedule, MultipliesTheDivergence) {
  double factor = 0.5;
  random::seed(0);
  VAE model(12, 3, 7);
  const Array x = autograd::array::rand({5, 12}, autograd::Dtype::float32, random::generator());
  const auto loss = model.get_loss_func({.C = 3, .annealing = [&] { return factor; }});
  loss(x);
  const double half = model.latent_loss.item();
  factor = 1;
  loss(x);
  EXPECT_NEAR(model.latent_loss.item(), 2 * half, kFloat * half);
}

TEST(RecLoss, ItsFlagsAreChecked) {
  EXPECT_EQ(refusal({"--loss", "pixels_x_mean_squared_error", "--rec-weight", "0.5"}),
            "nothing was thrown");
  EXPECT_THAT(refusal({"--rec-weight", "0"}),
              testing::StartsWith("vae_lab: --rec-weight must be "));
  EXPECT_THAT(refusal({"--loss", "mse"}),
              testing::StartsWith("vae_lab: --loss must be bernoulli_nll, mean_squared_error, "));
  EXPECT_EQ(refusal({"--sigma", "0.5"}),
            "vae_lab: --sigma is the standard deviation of --loss gaussian_nll, but --loss is "
            "bernoulli_nll");
  EXPECT_EQ(refusal({"--loss", "gaussian_nll_optimal", "--sigma", "2"}),
            "vae_lab: gaussian_nll_optimal finds sigma itself, but --sigma is given");
  EXPECT_EQ(refusal({"--loss", "gaussian_nll", "--sigma", "0"}),
            "vae_lab: --sigma must be from 1e-15 to 1e15, but it is 0");
  EXPECT_EQ(refusal({"--loss", "gaussian_nll_learned", "--sigma", "0.1"}), "nothing was thrown");
  EXPECT_EQ(
      refusal({"--beta-schedule", "cyclic"}),
      "vae_lab: --beta-schedule cyclic requires its final weight --beta, but --beta is not given");
  EXPECT_EQ(refusal({"--beta-schedule", "linear", "--beta", "0"}),
            "vae_lab: --beta-schedule linear requires its final weight --beta, but --beta is 0");
  EXPECT_EQ(refusal({"--beta-schedule", "linear", "--beta", "1"}), "nothing was thrown");
  EXPECT_EQ(refusal({"--beta-schedule", "exponential", "--beta", "1"}),
            "vae_lab: --beta-schedule must be constant, linear, cyclic or sigmoid, but it is "
            "exponential");
  EXPECT_EQ(refusal({"--free-bits", "-1"}),
            "vae_lab: --free-bits must be a finite number that is not negative, but it is -1");
  EXPECT_EQ(refusal({"--model", "distributions", "--free-bits", "1"}),
            "vae_lab: --model distributions has a constant weight of the KL term, but "
            "--free-bits is given");
  EXPECT_EQ(refusal({"--model", "distributions", "--rec-weight", "2"}),
            "vae_lab: --model distributions has no weight of the reconstruction term, but "
            "--rec-weight is 2");
}

}  // namespace
}  // namespace vae::lab
