#include "nn/links/model/classifier.h"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <utility>

#include "autograd/functions/math/basic_math.h"
#include "nn/copy.h"
#include "nn/links/connection/linear.h"
#include "nn/links/normalization/batch_normalization.h"
#include "nn/links/rnn/lstm.h"
#include "nn/optimizers/sgd.h"
#include "nn/serializers/save_load.h"
#include "tests/message.h"

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

// A predictor with state of every kind: what it carries on, running means, what it does not know
// yet and members of its own.
struct Net : Chain {
  LSTM rnn{2};
  BatchNormalization norm{None, {.axis = {0}}};
  int calls = 0;
  Variable operator()(const Variable& x) {
    ++calls;
    return norm(rnn(x));
  }
  void list(Members& m) override { m("rnn", rnn)("norm", norm).persistent("calls", calls); }
};

TEST(Classifier, SharesAllOfAPredictorThatHasAName) {
  Net net;
  Classifier model(net);
  Classifier<Net> same(net);
  Classifier<Chain> base_class_only(net);
  model(kX, kT);
  same(kX, kT);
  EXPECT_EQ(&model.predictor, &net);
  EXPECT_EQ(net.calls, 2);
  EXPECT_TRUE(net.norm.avg_mean);
  net.rnn.reset_state();
  EXPECT_FALSE(model.predictor.rnn.h);
  Classifier moved = std::move(model);
  EXPECT_EQ(&moved.predictor, &net);
  const auto saved = serializers::save(serializers::serialize_of(net));
  const auto whole = serializers::save(serializers::serialize_of(moved));
  EXPECT_EQ(saved.size(), whole.size());
  for (const auto& [key, value] : saved)
    EXPECT_FALSE(std::holds_alternative<NoneType>(value)) << key;
}

TEST(Classifier, TakesOverATemporaryAndSharesWhatAPointerHolds) {
  Classifier owner{Net()};
  owner(kX, kT);
  EXPECT_EQ(owner.predictor.calls, 1);
  const auto shared = std::make_shared<Net>();
  Classifier model(shared);
  EXPECT_EQ(&model.predictor, shared.get());
  Classifier<Chain> unique(std::unique_ptr<Chain>(std::make_unique<Linear>(2, 2)));
  EXPECT_TRUE(unique(kX, kT));
  EXPECT_THROW(Classifier(std::shared_ptr<Net>()), autograd::Error);
}

TEST(Classifier, CopiesItsPredictorWithItself) {
  Net net;
  Classifier model(net);
  model(kX, kT);
  Classifier plain = model, apart = copy(model, CopyMode::init);
  EXPECT_NE(&plain.predictor, &net);
  EXPECT_TRUE(plain.predictor.rnn.upward.W.is(net.rnn.upward.W));
  EXPECT_FALSE(apart.predictor.rnn.upward.W.is(net.rnn.upward.W));
  EXPECT_EQ(apart.predictor.rnn.upward.W.shape(), net.rnn.upward.W.shape());
}

TEST(Classifier, RefusesAPredictorThatIsGoneOrMoved) {
  auto net = std::make_unique<Net>();
  Classifier model(*net);
  const Net elsewhere = std::move(*net);
  EXPECT_EQ(message_of<autograd::Error>([&] { model(kX, kT); }),
            "Classifier: a predictor given by reference must not be moved, but it was");
  Classifier another(*net);
  net = nullptr;
  const std::string gone =
      "Link: a link given by reference must outlive its use, or be given by std::move, but it was "
      "destroyed";
  EXPECT_EQ(message_of<autograd::Error>([&] { another(kX, kT); }), gone);
  EXPECT_EQ(message_of<autograd::Error>([&] { another.params(); }), gone);
}

TEST(Classifier, IsCalledAsTheTargetOfAnOptimizer) {
  Linear net(2, 2);
  Classifier model(net);
  optimizers::SGD sgd;
  sgd.setup(model);
  const double loss = model(kX, kT).item();
  EXPECT_EQ(sgd.target()(kX, kT).item(), loss);
  EXPECT_EQ(sgd.target<Classifier<Linear>>()(kX, kT).item(), loss);
}

// The difference of two features, with two classes.
struct Difference : Polymorphic<Difference> {
  Variable operator()(const Variable& a, const Variable& b) { return a - b; }
  void list(Members&) override {}
};

TEST(Classifier, TakesSeveralFeaturesAndItsLabelsAnywhere) {
  const Array zeros = Array::zeros({4, 2}, Dtype::float32);
  const double loss = autograd::softmax_cross_entropy(Variable(kX), kT).item();
  Classifier last{Difference()};
  EXPECT_EQ(last(kX, zeros, kT).item(), loss);
  Classifier first(Difference(), {.label_key = 0}), middle(Difference(), {.label_key = -2});
  EXPECT_EQ(first(kT, kX, zeros).item(), loss);
  EXPECT_EQ(middle(kX, kT, zeros).item(), loss);
  Classifier named(Difference(), {.label_key = "t"});
  EXPECT_EQ(named(Named{{"a", kX}, {"t", kT}, {"b", zeros}}).item(), loss);

  EXPECT_EQ(
      message_of([&] { last(kX, kT); }),
      "Classifier: the predictor must take as many arguments as there are besides the labels, "
      "but there are 1");
  EXPECT_EQ(message_of([&] { named(kX, zeros, kT); }),
            "Classifier: label_key must be a position where arguments have no names, but it is t");
  EXPECT_EQ(message_of([&] {
              named(Named{{"a", kX}});
            }),
            "Classifier: there must be an argument by the name of label_key, but there is no t");
  EXPECT_EQ(
      message_of([&] {
        last(Named{{"a", kX}});
      }),
      "Classifier: label_key must be a name where arguments have names, but it is a position");
  Classifier far(Difference(), {.label_key = 3});
  EXPECT_EQ(message_of([&] { far(kX, zeros, kT); }),
            "Classifier: label_key must be one of the 3 arguments, but it is 3");
}

}  // namespace
}  // namespace nn
