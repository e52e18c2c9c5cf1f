#include "nn/training/extensions/shift.h"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

#include "nn/training/extensions/extensions.h"
#include "tests/message.h"
#include "tests/nn/training/extensions/model.h"

namespace nn::training::extensions {
namespace {

using autograd::Error;
using ::testing::DoubleEq;
using ::testing::ElementsAre;

// The learning rates of that many iterations, the first before any call; resumed after `resume_at`.
template <class Make>
std::vector<double> learning_rates(const Make& make, int iterations, double lr, int resume_at) {
  std::vector<double> out;
  const auto note = [&](Training& training) {
    return [&](Trainer&) { out.push_back(training.optimizer.lr); };
  };
  Training t({iterations, "iteration"}, lr);
  t.trainer->extend(make());
  t.trainer->extend(note(t), {.name = "noting", .priority = 1000});
  t.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
  t.trainer->run();
  if (resume_at == 0) return out;
  out.resize(static_cast<std::size_t>(resume_at));
  Training u({iterations, "iteration"}, lr);
  u.trainer->extend(make());
  u.trainer->extend(note(u), {.name = "noting", .priority = 1000});
  serializers::load_npz(t.out + "/snapshot_iter_" + std::to_string(resume_at), *u.trainer,
                        {.strict = false});
  u.trainer->run();
  return out;
}

TEST(Shift, ChangesAHyperparameter) {
  for (const int resume_at : {0, 3}) {
    EXPECT_THAT(learning_rates([] { return ExponentialShift("lr", 0.5, {.target = 0.1}); }, 7, 1,
                               resume_at),
                ElementsAre(1, 0.5, 0.25, 0.125, 0.1, 0.1, 0.1));
    EXPECT_THAT(
        learning_rates([] { return ExponentialShift("lr", 2, {.init = 3}); }, 7, 1, resume_at),
        ElementsAre(3, 6, 12, 24, 48, 96, 192));
    EXPECT_THAT(learning_rates(
                    [] {
                      return LinearShift("lr", {1, 0}, {1, 5});
                    },
                    7, 1, resume_at),
                ElementsAre(1, 1, 0.75, 0.5, 0.25, 0, 0));
  }
  EXPECT_EQ(message_of<Error>([] { ExponentialShift("lr", -1); }),
            "ExponentialShift: rate must not be negative, but is -1");
}

TEST(Shifts, ChangeAHyperparameter) {
  for (const int resume_at : {0, 1, 3, 5, 8}) {
    SCOPED_TRACE(resume_at);
    const auto rates = [&](const auto& make) { return learning_rates(make, 9, 2, resume_at); };
    EXPECT_THAT(rates([] { return InverseShift("lr", 1, 2, {.init = 1, .target = 0.04}); }),
                ElementsAre(1, 0.25, 1 / 9., 0.0625, 0.04, 0.04, 0.04, 0.04, 0.04));
    EXPECT_THAT(rates([] { return InverseShift("lr", 1, -1, {.target = 9}); }),
                ElementsAre(2, 4, 6, 8, 9, 9, 9, 9, 9));
    EXPECT_THAT(rates([] { return PolynomialShift("lr", 1, 4); }),
                ElementsAre(2, 1.5, 1, 0.5, 0, 0, 0, 0, 0));
    EXPECT_THAT(rates([] { return PolynomialShift("lr", 1, 4, {.target = 0.75}); }),
                ElementsAre(2, 1.5, 1, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75));
    EXPECT_THAT(rates([] { return PolynomialShift("lr", -1, 4, {.init = 1, .target = 3}); }),
                ElementsAre(1, DoubleEq(4 / 3.), 2, 3, 3, 3, 3, 3, 3));
    EXPECT_THAT(rates([] { return StepShift("lr", 0.5, 2.5, {.target = 0.3}); }),
                ElementsAre(2, 2, 2, 1, 1, 0.5, 0.5, 0.5, 0.3));
    EXPECT_THAT(rates([] {
                  return MultistepShift("lr", 0.5, {2, 2, 6}, std::nullopt);
                }),
                ElementsAre(2, 2, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25));
    EXPECT_THAT(rates([] { return MultistepShift("lr", 0.5, {4}, 8); }),
                ElementsAre(8, 8, 8, 8, 4, 4, 4, 4, 4));
    EXPECT_THAT(rates([] { return WarmupShift("lr", 0, 4, 1); }),
                ElementsAre(0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1));
    EXPECT_THAT(rates([] { return WarmupShift("lr", std::nullopt, 2, 4); }),
                ElementsAre(2, 3, 4, 4, 4, 4, 4, 4, 4));
  }
}

TEST(Shifts, AWarmUpLeavesTheValueToOthersAfterwards) {
  Training t({6, "iteration"}, 1);
  std::vector<double> out;
  t.trainer->extend([&](Trainer&) { out.push_back(t.optimizer.lr); },
                    {.name = "noting", .priority = 1000});
  t.trainer->extend(WarmupShift("lr", 0, 2, 1));
  t.trainer->extend(
      [&](Trainer& trainer) {
        if (trainer.updater().iteration() == 4) t.optimizer.lr = 7;
      },
      {.name = "other"});
  t.trainer->run();
  EXPECT_THAT(out, ElementsAre(0, 0.5, 1, 1, 7, 7));
}

TEST(Shifts, RefuseWhatMakesNoSense) {
  EXPECT_EQ(message_of<Error>([] { InverseShift("lr", -1, 1); }),
            "InverseShift: gamma must not be negative, but is -1");
  EXPECT_EQ(message_of<Error>([] { PolynomialShift("lr", 1, 0); }),
            "PolynomialShift: max_count must be positive, but is 0");
  EXPECT_EQ(message_of<Error>([] { StepShift("lr", 1, 0); }),
            "StepShift: step must be positive, but is 0");
  EXPECT_EQ(message_of<Error>([] { WarmupShift("lr", 0, -1, 1); }),
            "WarmupShift: warmup_iter must not be negative, but is -1");
}

}  // namespace
}  // namespace nn::training::extensions
