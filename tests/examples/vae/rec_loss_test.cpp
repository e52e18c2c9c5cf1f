#include <gmock/gmock.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "examples/vae/net.h"
#include "examples/vae/options.h"

namespace vae {
namespace {

namespace random = autograd::random;
using autograd::Array;

// The reconstruction term of the same small model for the same batch of five and the same draws.
double rec_loss(RecLoss kind, double weight = 1, int k = 1) {
  random::seed(0);
  VAE model(12, 3, 7);
  const Array x = autograd::array::rand({5, 12}, autograd::Dtype::float32, random::generator());
  model.get_loss_func(1, k, kind, weight)(x);
  return model.rec_loss.item();
}

constexpr double kFloat = 1e-6;  // relative: sums of 60 float32 numbers in another order

TEST(RecLoss, PixelsTimesTheMeanIsTheSum) {
  const double sum = rec_loss(RecLoss::sum_squared_error);
  EXPECT_NEAR(rec_loss(RecLoss::pixels_x_mean_squared_error), sum, kFloat * sum);
  EXPECT_NEAR(12 * rec_loss(RecLoss::mean_squared_error), sum, kFloat * sum);
  EXPECT_NEAR(5 * rec_loss(RecLoss::pixels_x_mean_squared_error_over_batch), sum, kFloat * sum);
}

TEST(RecLoss, IsAveragedOverKDrawsInEveryForm) {
  const double sum = rec_loss(RecLoss::sum_squared_error, 1, 3);
  EXPECT_NEAR(rec_loss(RecLoss::pixels_x_mean_squared_error, 1, 3), sum, kFloat * sum);
  EXPECT_NEAR(5 * rec_loss(RecLoss::pixels_x_mean_squared_error_over_batch, 1, 3), sum,
              kFloat * sum);
}

TEST(RecLoss, IsMultipliedByItsWeight) {
  for (const RecLoss kind :
       {RecLoss::bernoulli_nll, RecLoss::mean_squared_error, RecLoss::gaussian_nll}) {
    const double one = rec_loss(kind);
    EXPECT_NEAR(rec_loss(kind, 2.5), 2.5 * one, kFloat * std::abs(one) * 2.5);
  }
}

TEST(RecLoss, HasANameForEveryForm) {
  EXPECT_EQ(rec_loss_named("pixels_x_mean_squared_error"), RecLoss::pixels_x_mean_squared_error);
  EXPECT_EQ(rec_loss_named("pixels_x_mean_squared_error_over_batch"),
            RecLoss::pixels_x_mean_squared_error_over_batch);
  EXPECT_EQ(rec_loss_named("mean"), std::nullopt);
}

std::string message_of(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "train_vae");
  std::ostringstream out;
  try {
    parse_options(static_cast<int>(flags.size()), flags.data(), out);
  } catch (const autograd::Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(RecLoss, ItsFlagsAreChecked) {
  EXPECT_EQ(message_of({"--loss", "pixels_x_mean_squared_error", "--rec-weight", "0.5"}),
            "no error");
  EXPECT_THAT(message_of({"--rec-weight", "0"}),
              testing::StartsWith("train_vae: --rec-weight must be "));
  EXPECT_THAT(message_of({"--loss", "mse"}),
              testing::StartsWith("train_vae: --loss must be bernoulli_nll, mean_squared_error, "));
  EXPECT_EQ(message_of({"--model", "distributions", "--rec-weight", "2"}),
            "train_vae: --model distributions has a weight of the KL term only, --beta, but "
            "--rec-weight is 2");
}

}  // namespace
}  // namespace vae
