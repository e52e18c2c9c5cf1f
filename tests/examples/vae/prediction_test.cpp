#include "examples/vae/prediction.h"

#include <gmock/gmock.h>

#include "autograd/base/random.h"
#include "examples/vae/data.h"

namespace vae {
namespace {

using autograd::Array;
using testing::HasSubstr;

Options with_loss(const std::string& loss, double beta = 1) {
  Options options;
  options.loss = loss;
  options.beta = beta;
  return options;
}

const Array& digits() {
  static const Array train = load_images("digits", false, false).train;
  return train;
}

TEST(Prediction, TheWeightOfASquaredErrorInEachLoss) {
  EXPECT_EQ(squared_error_weight(with_loss("bernoulli_nll"), 784), std::nullopt);
  EXPECT_EQ(squared_error_weight(with_loss("mean_squared_error"), 784), 1. / 784);
  EXPECT_EQ(squared_error_weight(with_loss("sum_squared_error"), 784), 1);
  EXPECT_EQ(squared_error_weight(with_loss("gaussian_nll"), 784), 0.5);
  EXPECT_EQ(squared_error_weight(with_loss("pixels_x_mean_squared_error"), 784), 1);
  Options over_batch = with_loss("pixels_x_mean_squared_error_over_batch");
  EXPECT_EQ(squared_error_weight(over_batch, 784), 0.01);
  over_batch.rec_weight = 12;
  EXPECT_EQ(squared_error_weight(over_batch, 784), 0.12);
  Options distributions;
  distributions.model = "distributions";
  EXPECT_EQ(squared_error_weight(distributions, 784), std::nullopt);
}

TEST(Prediction, AMeanCollapsesAndSaysTheCure) {
  EXPECT_EQ(prediction(with_loss("mean_squared_error"), digits()),
            "Collapse: a squared error weighs c = 0.01562, so sigma^2 = beta / (2 c) = 32; the "
            "data's variance is 4.689, "
            "lambda_1 = 0.6957 of it in the widest direction, and 0 of 64 eigenvalues lie above "
            "sigma^2.\n"
            "Collapse expected: every input will give the same image, with any optimizer. The "
            "smallest weight that would "
            "work is c = 0.7187, 46 times this one: --rec-weight 46.");
}

TEST(Prediction, ASumWorks) {
  EXPECT_EQ(prediction(with_loss("sum_squared_error"), digits()),
            "Collapse: a squared error weighs c = 1, so sigma^2 = beta / (2 c) = 0.5; the data's "
            "variance is 4.689, "
            "lambda_1 = 0.6957 of it in the widest direction, and 3 of 64 eigenvalues lie above "
            "sigma^2.\n"
            "No collapse expected: about 3 latent dimensions will be used (linear theory: KL 0.342 "
            "an image). The smallest "
            "weight that would work is c = 0.7187.");
  Options narrow = with_loss("sum_squared_error");
  narrow.dim_z = 1;
  EXPECT_THAT(prediction(narrow, digits()), HasSubstr("about 1 latent dimension will be used"));
}

TEST(Prediction, BetaCounts) {
  EXPECT_THAT(
      prediction(with_loss("sum_squared_error", 4), digits()),
      HasSubstr("\nCollapse expected: every input will give the same image, with any "
                "optimizer. The smallest "
                "weight that would work is c = 2.875, 2.875 times this one: --rec-weight 2.875."));
  EXPECT_THAT(prediction(with_loss("gaussian_nll", 1), digits()), HasSubstr("\nCollapse expected"));
  EXPECT_THAT(prediction(with_loss("gaussian_nll", 0.1), digits()),
              HasSubstr("\nNo collapse expected"));
  EXPECT_THAT(prediction(with_loss("mean_squared_error", 0), digits()),
              HasSubstr("about 20 latent dimensions will be used. The"));
}

TEST(Prediction, WhereNothingCanBeTold) {
  EXPECT_EQ(prediction(with_loss("bernoulli_nll"), digits()),
            "Collapse: not predicted for bernoulli_nll, for the rule lambda_1 > beta / (2 c) is "
            "one of squared errors.");
  EXPECT_EQ(
      prediction(with_loss("sum_squared_error"), Array::zeros({2, 5000}, autograd::Dtype::float32)),
      "Collapse: not predicted for images of more than 4096 pixels, and these have 5000.");
  EXPECT_THAT(prediction(with_loss("sum_squared_error"),
                         Array::full({9, 4}, 0.25, autograd::Dtype::float32)),
              HasSubstr("Collapse expected: all images are the same."));
}

TEST(Prediction, DrawsNoRandomNumbers) {
  autograd::random::seed(1);
  const double expected = autograd::random::generator().rand();
  autograd::random::seed(1);
  prediction(with_loss("sum_squared_error"), digits());
  EXPECT_EQ(autograd::random::generator().rand(), expected);
}

}  // namespace
}  // namespace vae
