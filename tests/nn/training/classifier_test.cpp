#include "nn/training/classifier.h"

#include <gmock/gmock.h>

#include "nn/links/linear.h"

namespace nn {
namespace {

using autograd::Array;
using ::testing::ElementsAre;

Classifier<Linear> identity_classifier() {
  return Classifier(Linear(2, 2, {.initialW = Array::of<float>({1, 0, 0, 1}, {{2, 2}})}));
}

const Array kX = Array::of<float>({2, 0, 0, 1, 3, 0, 1, 0}, {{4, 2}});
const Array kT = Array::of<std::int32_t>({0, 1, 1, 0});

TEST(Classifier, ReportsLossAndAccuracy) {
  Classifier model = identity_classifier();
  Reporter reporter;
  reporter.add_observer("main", model);
  Observation observation;
  {
    auto scope = reporter.scope(observation);
    model(kX, kT).backward();
  }
  const double loss = autograd::softmax_cross_entropy(Variable(kX), kT).item();
  EXPECT_EQ(observation.at("main/loss").item(), loss);
  EXPECT_EQ(observation.at("main/accuracy").item(), 0.75);
  EXPECT_EQ(observation.size(), 2U);
  EXPECT_EQ(model.loss.item(), loss);
  EXPECT_EQ(model.accuracy.item(), 0.75);
  EXPECT_EQ(model.y.array().to_vector<float>(), kX.to_vector<float>());
  EXPECT_TRUE(model.predictor.W.grad());
  EXPECT_EQ(model.namedparams()[0].path, "/predictor/W");
}

TEST(Classifier, TakesOtherFunctionsAndLeavesTheAccuracyOut) {
  const auto first = [](const Variable& y, const Array&) {
    return Variable(y.array().select(0, 0).select(0, 0));
  };
  Classifier model(Linear(2, 2), {.lossfun = first, .accfun = first});
  const double loss = model(kX, kT).item();
  EXPECT_EQ(model.accuracy.item(), loss);

  model.compute_accuracy = false;
  Reporter reporter;
  reporter.add_observer("main", model);
  Observation observation;
  auto scope = reporter.scope(observation);
  model(kX, kT);
  EXPECT_FALSE(model.accuracy);
  EXPECT_EQ(observation.size(), 1U);
}

}  // namespace
}  // namespace nn
