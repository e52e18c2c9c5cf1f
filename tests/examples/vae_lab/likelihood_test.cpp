#include "examples/vae_lab/likelihood.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/base/random.h"
#include "autograd/functions/functions.h"
#include "examples/vae/data.h"
#include "examples/vae_lab/model.h"
#include "examples/vae_lab/rec_loss.h"

namespace vae::lab {
namespace {

namespace random = autograd::random;
using autograd::Array;
using autograd::Dtype;
using std::numbers::pi;

constexpr std::int64_t kImages = 20, kPixels = 64;

LabOptions small(const std::string& loss) {
  LabOptions o;
  o.loss = loss;
  o.dim_z = 3;
  o.dim_h = 8;
  return o;
}

const ImageSet& digits() {
  static const ImageSet images = load_images("digits", false, true);
  return images;
}

Model model_of(const LabOptions& o) {
  random::seed(1);
  return make_model(o, kPixels);
}

Array some_codes() {
  random::Generator generator(4);
  return autograd::array::standard_normal({kImages, 3}, Dtype::float32, generator);
}

Array some_images() { return digits().test.slice(0, 0, kImages); }

// log p(x | z) of a pixel x whose decoded value is y, summed over the pixels.
void expect_sum_of(const Model& model, const std::function<double(double, double)>& of_pixel) {
  const Array x = some_images(), z = some_codes();
  const auto ln_p = model.likelihood(digits().train).log_p(x, z).array().to_vector<double>();
  const auto xs = x.to_vector<double>(), ys = model.decode(z).array().to_vector<double>();
  ASSERT_EQ(ln_p.size(), std::size_t{kImages});
  for (std::size_t i = 0; i < kImages; ++i) {
    double sum = 0, size = 0;
    for (std::size_t p = i * kPixels; p < (i + 1) * kPixels; ++p) {
      sum += of_pixel(xs[p], ys[p]);
      size += std::abs(of_pixel(xs[p], ys[p]));
    }
    EXPECT_NEAR(ln_p[i], sum, 1e-6 * size);  // float32: 64 terms, and y by another way
  }
}

auto gaussian(double sigma2) {
  return [sigma2](double x, double y) {
    return -(x - y) * (x - y) / (2 * sigma2) - std::log(2 * pi * sigma2) / 2;
  };
}

double bernoulli(double x, double y) { return x * std::log(y) + (1 - x) * std::log(1 - y); }

TEST(Likelihood, OfSquaredErrorsIsGaussianWithTheVarianceThatTheirWeightMeans) {
  for (const RecLoss& loss : rec_losses()) {
    if (loss.weight == nullptr) continue;
    LabOptions o = small(std::string(loss.name));
    o.rec_weight = 0.7;
    o.sigma = 0.4;
    o.beta = 3;  // no part of it
    const double c =
        0.7 * loss.weight({.pixels = kPixels, .batchsize = double(o.batch_size), .sigma = 0.4});
    const Model model = model_of(o);
    expect_sum_of(model, gaussian(1 / (2 * c)));
    EXPECT_EQ(model.likelihood(digits().train).pixels,
              fmt::format("Gaussian pixels, sigma^2 = {:.4g}", 1 / (2 * c)));
  }
}

TEST(Likelihood, OfAVarianceThatIsAParameterTakesTheParameter) {
  LabOptions o = small("gaussian_nll_learned");
  o.sigma = 0.3;
  const Model model = model_of(o);
  expect_sum_of(model, gaussian(0.09));
}

TEST(Likelihood, OfTheBestVarianceTakesThatOfTheTrainingImages) {
  const Model model = model_of(small("gaussian_nll_optimal"));
  random::Generator generator(0);  // the same draws of z
  const Array& x = digits().train;
  const auto [mu, ln_var] = model.encode(x);
  const Variable y = model.decode(F::gaussian(mu, ln_var, {}, generator));
  expect_sum_of(model, gaussian(F::mean_squared_error(x, y).item() + kLeastVariance));
}

TEST(Likelihood, OfBothModelsWithABernoulliDecoderIsOfTheirLogits) {
  expect_sum_of(model_of(small("bernoulli_nll")), bernoulli);
  LabOptions o = small("bernoulli_nll");
  o.model = "distributions";
  o.layers = 1;
  expect_sum_of(model_of(o), bernoulli);
}

TEST(Likelihood, OfTheContinuousBernoulliHasItsNormaliser) {
  expect_sum_of(model_of(small("continuous_bernoulli")), [](double x, double y) {
    return bernoulli(x, y) + std::log(2 * std::atanh(1 - 2 * y) / (1 - 2 * y));
  });
}

TEST(Likelihood, IsNamedForBlackAndWhiteAndForGreyImages) {
  LabOptions o = small("bernoulli_nll");
  EXPECT_EQ(model_of(o).likelihood(digits().train).pixels,
            "Bernoulli pixels; this likelihood is for black and white images, but these images are "
            "grey: use --binarize");
  o.binary = true;
  EXPECT_EQ(model_of(o).likelihood(digits().train).pixels, "Bernoulli pixels");
}

double bound(const LabOptions& o, const Model& model) {
  const std::string line = likelihood_bound(o, model, digits());
  const std::string begin = fmt::format("Test log likelihood bound, K = {}: ", *o.eval_iwae);
  EXPECT_THAT(line, testing::StartsWith(begin));
  EXPECT_THAT(line, testing::HasSubstr(" nats per image ("));
  return std::stod(line.substr(begin.size()));
}

// With one draw for each of the 100 images it is minus the loss, but for the draws: the mean over
// seeds is taken, and it may be four of its standard deviations off.
TEST(LikelihoodBound, IsTheLossForOneDrawAndGrowsWithMore) {
  constexpr int kSeeds = 30;
  LabOptions o = small("bernoulli_nll");
  o.binary = true;
  o.eval_iwae = 1;
  const Model model = model_of(o);
  const auto state = random::generator().state();
  double sum = 0, squares = 0;
  for (o.seed = 0; o.seed < kSeeds; ++o.seed) {
    const double drawn = bound(o, model);
    sum += drawn / kSeeds;
    squares += drawn * drawn / kSeeds;
  }
  EXPECT_EQ(random::generator().state(), state);
  const double deviation = std::sqrt((squares - sum * sum) / kSeeds);
  const double loss = model.loss_func_of(500)(digits().test).item();
  EXPECT_NEAR(sum, -loss, 4 * deviation + 0.005);  // two digits are printed
  o.eval_iwae = 100;
  EXPECT_GT(bound(o, model), sum);
}

TEST(LikelihoodBound, SaysThatBetaHasNoPartInIt) {
  LabOptions o = small("sum_squared_error");
  o.eval_iwae = 2;
  const Model model = model_of(o);
  EXPECT_THAT(likelihood_bound(o, model, digits()),
              testing::EndsWith(" nats per image (Gaussian pixels, sigma^2 = 0.5)"));
  o.beta = 2;
  EXPECT_THAT(likelihood_bound(o, model, digits()),
              testing::EndsWith("(Gaussian pixels, sigma^2 = 0.5; --beta does not affect it)"));
}

}  // namespace
}  // namespace vae::lab
