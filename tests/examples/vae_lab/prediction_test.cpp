#include "examples/vae_lab/prediction.h"

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <vector>

#include "autograd/base/random.h"
#include "examples/vae/data.h"
#include "examples/vae_lab/classes.h"

namespace vae::lab {
namespace {

using autograd::Array;
using testing::HasSubstr;

LabOptions with_loss(const std::string& loss, double beta = 1) {
  LabOptions options;
  options.loss = loss;
  options.beta = beta;
  return options;
}

const Array& training_digits() {
  static const Array train = load_images("digits", false, false).train;
  return train;
}

TEST(Prediction, TheWeightOfASquaredErrorInEachLoss) {
  // 784 pixels; the wide directions are half of the variance.
  std::vector<double> lambdas(784, 0.01);
  lambdas[0] = 5;
  lambdas[1] = 2.83;
  EXPECT_EQ(squared_error_weight(with_loss("bernoulli_nll"), lambdas), std::nullopt);
  EXPECT_EQ(squared_error_weight(with_loss("continuous_bernoulli"), lambdas), std::nullopt);
  EXPECT_EQ(squared_error_weight(with_loss("mean_squared_error"), lambdas), 1. / 784);
  EXPECT_EQ(squared_error_weight(with_loss("mean_squared_error_255"), lambdas), 65025. / 784);
  EXPECT_EQ(squared_error_weight(with_loss("sum_squared_error"), lambdas), 1);
  EXPECT_EQ(squared_error_weight(with_loss("pixels_x_mean_squared_error"), lambdas), 1);
  EXPECT_EQ(squared_error_weight(with_loss("gaussian_nll"), lambdas), 0.5);
  LabOptions narrow = with_loss("gaussian_nll");
  narrow.sigma = 0.1;
  EXPECT_NEAR(*squared_error_weight(narrow, lambdas), 50, 1e-12);
  LabOptions over_batch = with_loss("pixels_x_mean_squared_error_over_batch");
  EXPECT_EQ(squared_error_weight(over_batch, lambdas), 0.01);
  over_batch.rec_weight = 12;
  EXPECT_EQ(squared_error_weight(over_batch, lambdas), 0.12);
  LabOptions distributions;
  distributions.model = "distributions";
  EXPECT_EQ(squared_error_weight(distributions, lambdas), std::nullopt);
  // Two directions are used, and the variance of the other 782 is shared by as many pixels.
  for (const char* loss : {"gaussian_nll_learned", "gaussian_nll_optimal"})
    EXPECT_NEAR(*squared_error_weight(with_loss(loss), lambdas), 50, 1e-9) << loss;
}

// A weight that works for a model that is told nothing is too small for one that knows the class: a
// half of the widest directions is the difference between the classes.
TEST(Prediction, OfAConditionalModelIsAboutWhatVariesWithinAClass) {
  const ImageSet images = load_images("digits", false, false);
  const Array rest = within_classes(images.train, *images.train_labels, images.classes);
  LabOptions options = with_loss("sum_squared_error");
  EXPECT_THAT(prediction(options, images.train), testing::StartsWith("No collapse expected"));
  options.conditional = true;
  const std::string told = prediction(options, rest);
  EXPECT_THAT(told, testing::StartsWith("Collapse expected (linear theory): every class gives one "
                                        "image, close to the mean of the class."));
  EXPECT_THAT(told, HasSubstr("\n"
                              "Border: c = 1.489, 1.489 times this weight. To distinguish the "
                              "inputs, use c of about 15:\n"
                              "  --rec-weight 15.\n"));
  EXPECT_THAT(told, testing::EndsWith("\n"
                                      "The model knows the class of each image: the prediction is "
                                      "for the images minus the mean of their class."));
}

TEST(Prediction, AMeanCollapsesAndSaysTheCure) {
  EXPECT_EQ(
      prediction(with_loss("mean_squared_error"), training_digits()),
      "Collapse expected (linear theory): every input gives the same output, close to the mean. "
      "With any\n"
      "  model, a code lowers the loss by at most 0.0733 nats per example, the whole "
      "reconstruction term of\n"
      "  the mean.\n"
      "Border: c = 0.7187, 46 times this weight. To distinguish the inputs, use c of about 7.2:\n"
      "  --rec-weight 460.\n"
      "Numbers: the weight of a squared error is c = 0.01562, so sigma^2 = beta / (2 c) = 32; the "
      "variance\n"
      "  of the data is 4.689, with 0.6957 in the widest direction; 0 of 64 directions exceed "
      "sigma^2.");
}

TEST(Prediction, ASumWorksFaintly) {
  EXPECT_EQ(prediction(with_loss("sum_squared_error"), training_digits()),
            "No collapse expected: about 3 latent dimensions will be used (linear theory: KL 0.342 "
            "nats per\n"
            "  example). The code will carry little information.\n"
            "Border: c = 0.7187, 0.7187 times this weight. To distinguish the inputs, use c of "
            "about 7.2:\n"
            "  --rec-weight 7.2.\n"
            "Numbers: the weight of a squared error is c = 1, so sigma^2 = beta / (2 c) = 0.5; the "
            "variance of\n"
            "  the data is 4.689, with 0.6957 in the widest direction; 3 of 64 directions exceed "
            "sigma^2.");
  LabOptions narrow = with_loss("sum_squared_error");
  narrow.dim_z = 1;
  EXPECT_THAT(prediction(narrow, training_digits()),
              HasSubstr("about 1 latent dimension will be used"));
}

TEST(Prediction, SaysThatItIsOnTheBorder) {
  LabOptions options = with_loss("sum_squared_error");
  options.rec_weight = 0.75;
  EXPECT_THAT(prediction(options, training_digits()),
              testing::StartsWith("On the border of collapse: the linear theory predicts a code of "
                                  "0.021 nats per example, too little"));
}

TEST(Prediction, HasLinesOfAHundredColumns) {
  for (const char* loss : {"mean_squared_error", "sum_squared_error", "gaussian_nll_learned"}) {
    std::istringstream lines(prediction(with_loss(loss), training_digits()));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
  }
}

TEST(Prediction, BetaCounts) {
  EXPECT_THAT(prediction(with_loss("sum_squared_error", 4), training_digits()),
              testing::AllOf(testing::StartsWith("Collapse expected"),
                             HasSubstr("Border: c = 2.875, 2.875 times this weight. ")));
  EXPECT_THAT(prediction(with_loss("gaussian_nll", 1), training_digits()),
              testing::StartsWith("Collapse expected"));
  EXPECT_THAT(prediction(with_loss("gaussian_nll", 0.1), training_digits()),
              testing::StartsWith("No collapse expected"));
  EXPECT_THAT(prediction(with_loss("mean_squared_error", 0), training_digits()),
              HasSubstr("about 20 latent dimensions will be used."));
}

TEST(Prediction, ALearnedVarianceDoesNotCollapse) {
  EXPECT_THAT(prediction(with_loss("gaussian_nll_learned"), training_digits()),
              testing::AllOf(HasSubstr("about 20 latent dimensions will be used"),
                             testing::EndsWith("\n"
                                               "The variance of a pixel is learned: c follows from "
                                               "the best variance of the linear theory.")));
}

TEST(Prediction, FreeBitsAreNamed) {
  LabOptions options = with_loss("mean_squared_error");
  options.free_bits = 0.25;
  EXPECT_THAT(prediction(options, training_digits()),
              HasSubstr("\n"
                        "--free-bits lets each unit carry 0.25 nats without a penalty: units stay "
                        "active, but the code is of no use."));
}

TEST(Prediction, WhereNothingCanBeTold) {
  EXPECT_EQ(prediction(with_loss("bernoulli_nll"), training_digits()),
            "Collapse: no prediction (bernoulli_nll has no squared error).");
  EXPECT_EQ(
      prediction(with_loss("sum_squared_error"), Array::zeros({2, 5000}, autograd::Dtype::float32)),
      "Collapse: no prediction for images of more than 4096 pixels (these have 5000).");
  EXPECT_THAT(prediction(with_loss("sum_squared_error"),
                         Array::full({9, 4}, 0.25, autograd::Dtype::float32)),
              HasSubstr("Collapse expected: all examples are the same."));
}

TEST(Prediction, DrawsNoRandomNumbers) {
  autograd::random::seed(1);
  const double expected = autograd::random::generator().rand();
  autograd::random::seed(1);
  prediction(with_loss("sum_squared_error"), training_digits());
  EXPECT_EQ(autograd::random::generator().rand(), expected);
}

}  // namespace
}  // namespace vae::lab
