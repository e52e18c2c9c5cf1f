#include "nn/vae/collapse_monitor.h"

#include <gmock/gmock.h>

#include <cmath>

#include "autograd/base/random.h"
#include "autograd/functions/noise/noise.h"
#include "nn/serializers/save_load.h"
#include "nn/training/extensions/extensions.h"
#include "tests/nn/training/extensions/model.h"

namespace nn::vae {
namespace {

using autograd::Array;
using testing::HasSubstr;
using training::Trainer;
using training::extensions::LogReport, training::extensions::PrintReport;

Array numbers() { return Array::of<float>({1, 2, 3, 4, 5}, {{5, 1}}); }

// Two units: mu is (scale x, 0.05 x), the variances are 1 and e. Decoded to z, 3.
CollapseMonitor::Encode encode_by(const double& scale) {
  return [&scale](const Variable& x) {
    const Array weights = Array::of<float>({static_cast<float>(scale), 0.05f}, {{1, 2}});
    const Variable mu = x * Variable(weights);
    return std::pair(mu, mu * 0.0 + Variable(Array::of<float>({0, 1}, {{1, 2}})));
  };
}
Variable decode(const Variable& z) { return z + Variable(Array::of<float>({7, 3}, {{1, 2}})); }

CollapseMonitorOptions silent(std::int64_t batch_size = 500) {
  return {.batch_size = batch_size, .out = nullptr};
}

double observed(Trainer& trainer, const std::string& key) {
  return trainer.observation().at(key).item();
}

TEST(CollapseMonitor, LooksAtEachUnitAndAtTheOutputs) {
  const double scale = 1;
  for (const std::int64_t batch_size : {500, 2, 1}) {
    Training t;
    CollapseMonitor monitor(numbers(), encode_by(scale), decode, silent(batch_size));
    monitor(*t.trainer);
    // The mean of x^2 is 11, the variance of x is 2.
    const double kl0 = 11.0 / 2, kl1 = (0.0025 * 11 + std::exp(1) - 2) / 2;
    ASSERT_EQ(monitor.kl().size(), 2u);
    EXPECT_NEAR(monitor.kl()[0], kl0, 1e-5);
    EXPECT_NEAR(monitor.kl()[1], kl1, 1e-5);
    EXPECT_NEAR(monitor.code_variance()[0], 2, 1e-6);
    EXPECT_NEAR(monitor.code_variance()[1], 0.0025 * 2, 1e-6);  // below 0.01: not active
    EXPECT_NEAR(observed(*t.trainer, "main/kl_per_unit"), (kl0 + kl1) / 2, 1e-5);
    EXPECT_EQ(observed(*t.trainer, "main/active_units"), 1);
    EXPECT_NEAR(observed(*t.trainer, "main/output_spread"), 1.05 * std::sqrt(2) / 2, 1e-6);
    EXPECT_FALSE(monitor.collapsed());
  }
}

TEST(CollapseMonitor, LooksOutsideATrainingToo) {
  const double scale = 1;
  CollapseMonitor monitor(numbers(), encode_by(scale), decode, silent());
  EXPECT_NEAR(monitor.look(), 1.05 * std::sqrt(2) / 2, 1e-6);
  EXPECT_EQ(monitor.active_units(), 1);
  EXPECT_NEAR(monitor.code_variance()[0], 2, 1e-6);
  EXPECT_FALSE(monitor.collapsed());
}

// The same number for every input.
Variable constant(const Variable& z, double y) {
  return Variable(Array::full({z.length(0), 1}, y, z.dtype()));
}

TEST(CollapseMonitor, WarnsOnceWhenTheCodeHasSaidNothingForThreeEpochs) {
  Training t;
  Screen screen;
  double scale = 0.01;
  CollapseMonitor monitor(numbers(), encode_by(scale),
                          [](const Variable& z) { return constant(z, 3); }, {.out = screen.file()});
  monitor(*t.trainer);
  monitor(*t.trainer);
  EXPECT_EQ(screen.text(), "");
  EXPECT_EQ(observed(*t.trainer, "main/active_units"), 0);
  monitor(*t.trainer);
  const std::string expected =
      "CollapseMonitor: in epoch 0, none of the 2 units has distinguished the inputs for 3 epochs\n"
      "  (KL 0.37 nats, output spread 0): the posterior has collapsed, and every input gives the "
      "same output.\n"
      "  Give the reconstruction more weight relative to the KL divergence, for example by a sum\n"
      "  over the pixels instead of their mean, or use a smaller beta.\n";
  EXPECT_EQ(screen.text(), expected);
  EXPECT_TRUE(monitor.collapsed());
  monitor(*t.trainer);
  EXPECT_EQ(screen.text(), expected);
}

TEST(CollapseMonitor, WaitsWhereACodeForms) {
  Training t;
  Screen screen;
  double scale = 0.01;
  CollapseMonitor monitor(numbers(), encode_by(scale), {}, {.out = screen.file()});
  for (const double growing : {0.01, 0.015, 0.02, 0.025}) {
    scale = growing;
    monitor(*t.trainer);
  }
  EXPECT_EQ(screen.text(), "");
  scale = 1;  // an active unit
  monitor(*t.trainer);
  scale = 0.01;
  monitor(*t.trainer);
  monitor(*t.trainer);
  EXPECT_EQ(screen.text(), "");  // two epochs in a row only
}

TEST(CollapseMonitor, LooksAtTheOutputsBeforeItSpeaksOfACollapse) {
  Training t;
  Screen screen;
  const double scale = 0.05;  // no unit counts as active, but the outputs differ
  CollapseMonitor monitor(numbers(), encode_by(scale),
                          [](const Variable& z) { return constant(z, 3) + z; },
                          {.out = screen.file()});
  for (int i = 0; i < 5; ++i) monitor(*t.trainer);
  EXPECT_EQ(screen.text(), "");
}

TEST(CollapseMonitor, TellsAModelThatHasNotLearnedFromOneThatHasCollapsed) {
  Training t;
  Screen screen;
  const double scale = 0.01;
  CollapseMonitor monitor(numbers(), encode_by(scale),
                          [](const Variable& z) { return constant(z, 0.5); },
                          {.out = screen.file()});
  for (int i = 0; i < 4; ++i) monitor(*t.trainer);
  ASSERT_TRUE(monitor.errors());
  EXPECT_NEAR(monitor.errors()->output, 2 + 2.5 * 2.5, 1e-6);
  EXPECT_NEAR(monitor.errors()->mean, 2, 1e-6);
  EXPECT_EQ(screen.text(),
            "CollapseMonitor: in epoch 0, none of the 2 units has distinguished the inputs for 3 "
            "epochs.\n"
            "  All outputs are alike, but differ from the mean of the inputs (squared error 8.25; "
            "error of the\n"
            "  mean 2): the model has not learned yet. A larger learning rate or another optimizer "
            "may help.\n");
  EXPECT_FALSE(monitor.collapsed());
}

TEST(CollapseMonitor, SaysNothingWhileAUnitIsActiveOrWhereNumbersAreNone) {
  Training t;
  Screen screen;
  double scale = 1;
  CollapseMonitor monitor(numbers(), encode_by(scale), {}, {.out = screen.file()});
  for (int i = 0; i < 3; ++i) monitor(*t.trainer);
  EXPECT_FALSE(t.trainer->observation().contains("main/output_spread"));  // nothing decodes
  scale = std::nan("");
  for (int i = 0; i < 3; ++i) monitor(*t.trainer);
  EXPECT_EQ(screen.text(), "");
  EXPECT_TRUE(std::isnan(observed(*t.trainer, "main/kl_per_unit")));
}

TEST(CollapseMonitor, RunsInTestModeWithoutGraphsAndDrawsNothing) {
  Training t;
  bool train = true, graph = true;
  const auto encode = [&](const Variable& x) {
    train = autograd::config().train;
    graph = autograd::config().enable_backprop;
    return std::pair(autograd::dropout(x), x * 0.0);
  };
  autograd::random::seed(1);
  const double expected = autograd::random::generator().rand();
  autograd::random::seed(1);
  CollapseMonitor monitor(numbers(), encode, {}, silent());
  monitor(*t.trainer);
  EXPECT_EQ(autograd::random::generator().rand(), expected);
  EXPECT_FALSE(train);
  EXPECT_FALSE(graph);
  EXPECT_TRUE(autograd::config().train);
  EXPECT_TRUE(autograd::config().enable_backprop);
}

TEST(CollapseMonitor, StandsInTheLogAndInTheTable) {
  Training t;
  Screen screen;
  const double scale = 1;
  t.trainer->extend(LogReport());
  t.trainer->extend(PrintReport({"epoch", "main/active_units"}, {.out = screen.file()}));
  t.trainer->extend(CollapseMonitor(numbers(), encode_by(scale), decode, silent()));
  t.trainer->run();
  for (const char* key : {"main/kl_per_unit", "main/active_units", "main/output_spread"})
    EXPECT_THAT(contents(t.out + "/log"), HasSubstr(std::string("\"") + key + "\": "));
  EXPECT_THAT(screen.text(), HasSubstr("main/active_units"));
  EXPECT_THAT(screen.text(), HasSubstr("\n1           1 "));
}

TEST(CollapseMonitor, RemembersAcrossAResume) {
  Training t;
  const double scale = 0.01;
  CollapseMonitor before(numbers(), encode_by(scale), {}, silent());
  before(*t.trainer);
  before(*t.trainer);
  const std::string path = t.folder / "monitor.npz";
  serializers::save_npz(path, before);
  CollapseMonitor after(numbers(), encode_by(scale), {}, silent());
  serializers::load_npz(path, after);
  EXPECT_FALSE(after.collapsed());
  after(*t.trainer);  // the third epoch in a row
  EXPECT_TRUE(after.collapsed());
  serializers::save_npz(path, after);
  serializers::load_npz(path, before);
  EXPECT_TRUE(before.collapsed());
}

TEST(CollapseMonitor, WantsExamples) {
  const double scale = 1;
  EXPECT_THAT(
      [&] {
        CollapseMonitor(Array::zeros({0, 3}, autograd::Dtype::float32), encode_by(scale));
      },
      testing::ThrowsMessage<autograd::Error>(
          "CollapseMonitor: x must have at least one example, but x is float32(0, 3)"));
  EXPECT_THAT([&] { CollapseMonitor(numbers(), encode_by(scale), {}, {.batch_size = 0}); },
              testing::ThrowsMessage<autograd::Error>(
                  "CollapseMonitor: batch_size must be at least 1, but it is 0"));
}

}  // namespace
}  // namespace nn::vae
