#include "nn/training/triggers/triggers.h"

#include <gmock/gmock.h>

#include <cmath>

#include "nn/serializers/save_load.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/nn/training/fakes.h"

namespace nn::training::triggers {
namespace {

using autograd::Error;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The iterations of ten in which a trigger fires, ten iterations being `epochs` epochs. After
// iteration `resume_at` another trigger of the same kind goes on with what was saved of the first
// one.
template <class Make>
std::vector<int> fired(const Make& make, double epochs = 2, int resume_at = 0,
                       std::vector<double> values = {}) {
  CountingUpdater updater(10 / epochs);
  Trainer trainer(updater);
  Trigger trigger = make();
  std::vector<int> out;
  for (int i = 1; i <= 10; ++i) {
    updater.update();
    if (!values.empty()) trainer.observation()["value"] = values[static_cast<std::size_t>(i - 1)];
    if (trigger(trainer)) out.push_back(i);
    if (i != resume_at) continue;
    const auto saved = serializers::save(serializers::serialize_of(trigger));
    trigger = make();
    serializers::load(saved, serializers::serialize_of(trigger));
  }
  return out;
}

TEST(IntervalTrigger, CountsIterationsAndEpochs) {
  for (const int resume_at : {0, 3, 4, 5}) {
    EXPECT_THAT(fired([] { return Trigger(3, "iteration"); }, 2, resume_at), ElementsAre(3, 6, 9));
    EXPECT_THAT(fired([] { return Trigger(1, "epoch"); }, 2, resume_at), ElementsAre(5, 10));
    EXPECT_THAT(fired([] { return Trigger(0.5, "epoch"); }, 2, resume_at),
                ElementsAre(3, 5, 8, 10));
    EXPECT_THAT(fired([] { return Trigger(1, "epoch"); }, 3, resume_at), ElementsAre(4, 7, 10));
  }
  EXPECT_THAT(fired([] { return Trigger(); }), IsEmpty());
}

TEST(IntervalTrigger, IsRightWhenItIsNotAskedEachTime) {
  CountingUpdater updater(4);
  Trainer trainer(updater);
  Trigger trigger(1, "epoch");
  for (int i = 0; i < 3; ++i) updater.update();
  EXPECT_FALSE(trigger(trainer));
  for (int i = 0; i < 3; ++i) updater.update();
  EXPECT_TRUE(trigger(trainer));
  EXPECT_FALSE(trigger(trainer));
}

TEST(IntervalTrigger, DividesAsPythonDoes) {
  CountingUpdater updater(1);
  Trainer trainer(updater);
  Trigger trigger(0.1, "epoch");
  updater.update();
  EXPECT_TRUE(trigger(trainer));  // 1 // 0.1 is 9
}

TEST(IntervalTrigger, RefusesWhatItCannotCount) {
  EXPECT_EQ(message_of<Error>([] { Trigger(1, "day"); }),
            "IntervalTrigger: unit must be epoch or iteration, but is day");
  EXPECT_EQ(message_of<Error>([] { Trigger(0, "epoch"); }),
            "IntervalTrigger: period must be positive, but is 0");
}

TEST(Trigger, GuessesWhatAnOlderSnapshotDoesNotHold) {
  CountingUpdater updater(2);
  Trainer trainer(updater);
  for (int i = 0; i < 4; ++i) updater.update();
  Trigger epoch(1, "epoch"), iteration(4, "iteration");
  for (Trigger* trigger : {&epoch, &iteration}) {
    serializers::load({}, serializers::serialize_of(*trigger));
    EXPECT_TRUE((*trigger)(trainer));
    EXPECT_FALSE((*trigger)(trainer));
  }
}

TEST(ManualScheduleTrigger, FiresAtItsPoints) {
  for (const int resume_at : {0, 2, 6}) {
    EXPECT_THAT(fired(
                    [] {
                      return ManualScheduleTrigger({2, 7}, "iteration");
                    },
                    2, resume_at),
                ElementsAre(2, 7));
    EXPECT_THAT(fired(
                    [] {
                      return ManualScheduleTrigger({0.5, 1}, "epoch");
                    },
                    2, resume_at),
                ElementsAre(3, 5));
  }
  EXPECT_THAT(fired([] { return ManualScheduleTrigger(4, "iteration"); }), ElementsAre(4));
}

// How many iterations a training makes that ends at the first trigger, and how many more when what
// it left goes on to the second one.
template <class First, class Second>
std::pair<std::int64_t, std::int64_t> iterations(const First& first, const Second& second) {
  const Folder folder;
  const auto reported = [](CountingUpdater& updater) {
    updater.on_update = [](std::int64_t i) { report({{"value", i}}); };
  };
  CountingUpdater updater(5), resumed(5);
  reported(updater);
  reported(resumed);
  Trainer trainer(updater, first(), folder / "out");
  Trainer goes_on(resumed, second(), folder / "out");
  for (Trainer* t : {&trainer, &goes_on}) t->set_clock(ticking(1));
  trainer.extend(
      [&](Trainer& t) {  // as a snapshot: in the iteration, before the stop trigger is asked
        serializers::load(serializers::save(serializers::serialize_of(t)),
                          serializers::serialize_of(goes_on), {.strict = false});
      },
      {.name = "snapshot", .priority = -100});
  trainer.run();
  const std::int64_t before = updater.iteration();
  EXPECT_EQ(resumed.iteration(), before);
  goes_on.run();
  return {before, resumed.iteration() - before};
}

TEST(StopTrigger, TrainsNothingWhereItLiesBehind) {
  const auto every = [](double period, const char* unit) {
    return [=] { return Trigger(period, unit); };
  };
  const auto at = [](std::vector<double> points, const char* unit) {
    return [=] { return ManualScheduleTrigger(points, unit); };
  };
  const auto early = [](int patience, double most) {
    return [=] {
      return EarlyStoppingTrigger({.check_trigger = {1, "iteration"},
                                   .monitor = "value",
                                   .patience = patience,
                                   .max_trigger = {most, "iteration"}});
    };
  };
  using Counts = std::pair<std::int64_t, std::int64_t>;
  const auto first = every(4, "epoch");  // of five iterations
  EXPECT_EQ(iterations(first, every(3, "epoch")), Counts(20, 0));
  EXPECT_EQ(iterations(first, every(0.1, "epoch")), Counts(20, 0));
  EXPECT_EQ(iterations(first, every(19, "iteration")), Counts(20, 0));
  EXPECT_EQ(iterations(first, every(13, "iteration")), Counts(20, 0));
  EXPECT_EQ(iterations(first, at({3}, "epoch")), Counts(20, 0));
  EXPECT_EQ(iterations(first, at({19}, "iteration")), Counts(20, 0));
  EXPECT_EQ(iterations(first, at({3, 6}, "epoch")), Counts(20, 0));
  EXPECT_EQ(iterations(first, [] { return TimeTrigger(2); }), Counts(20, 0));
  EXPECT_EQ(iterations(first, early(5, 12)), Counts(20, 0));
  EXPECT_EQ(iterations(early(3, 100), early(2, 100)), Counts(4, 0));  // 1 is never undercut
  EXPECT_EQ(iterations(at({0}, "epoch"), first), Counts(0, 20));
  // What lies ahead, or just here, stays as it was.
  EXPECT_EQ(iterations(first, first), Counts(20, 0));
  EXPECT_EQ(iterations(first, at({4}, "epoch")), Counts(20, 0));
  EXPECT_EQ(iterations(first, every(5, "epoch")), Counts(20, 5));
  EXPECT_EQ(iterations(first, at({30, 40}, "iteration")), Counts(20, 10));
  EXPECT_EQ(iterations(early(3, 100), early(5, 100)), Counts(4, 2));
  EXPECT_EQ(iterations(early(0, 100), first), Counts(1, 19));
  EXPECT_EQ(message_of<Error>([] { ManualScheduleTrigger(std::nan(""), "epoch"); }),
            "ManualScheduleTrigger: points must be numbers, but one is NaN");
}

TEST(OnceTrigger, FiresOnce) {
  EXPECT_THAT(fired([] { return OnceTrigger(); }, 2, 4), ElementsAre(1));
  EXPECT_THAT(fired([] { return OnceTrigger(true); }, 2, 4), ElementsAre(1, 5));
}

TEST(TimeTrigger, FiresWhenItsTimeHasPassed) {
  const Folder folder;
  Trainer trainer(CountingUpdater(), {10, "iteration"}, folder / "out");
  trainer.set_clock(ticking(1));  // read once before training and once an iteration
  std::vector<int> at;
  trainer.extend([&](Trainer& t) { at.push_back(static_cast<int>(t.updater().iteration())); },
                 {.name = "noting", .trigger = TimeTrigger(3)});
  trainer.run();
  EXPECT_THAT(at, ElementsAre(4, 7, 10));
}

TEST(MaxValueTrigger, FiresAtANewMaximumOfTheMean) {
  const std::vector<double> values = {1, 3, 2, 2, 4,
                                      1, 0, 0, 9, 9};  // means of two: 2, 2, 2.5, 0, 9
  for (const int resume_at : {0, 1, 2, 5}) {
    EXPECT_THAT(fired(
                    [] {
                      return MaxValueTrigger("value", {2, "iteration"});
                    },
                    2, resume_at, values),
                ElementsAre(2, 6, 10));
    EXPECT_THAT(fired(
                    [] {
                      return MinValueTrigger("value", {2, "iteration"});
                    },
                    2, resume_at, values),
                ElementsAre(2, 8));
  }
  EXPECT_EQ(
      message_of<Error>([] { fired([] {
                               return MinValueTrigger("loss", {2, "iteration"});
                             }); }),
      "BestValueTrigger: loss must be reported in each interval, but it was not in the last one");
}

TEST(EarlyStoppingTrigger, StopsWhenNothingGetsBetter) {
  const auto make = [](std::string mode, std::FILE* verbose = nullptr) {
    return [=] {
      return EarlyStoppingTrigger({.check_trigger = {1, "iteration"},
                                   .monitor = "value",
                                   .patience = 2,
                                   .mode = mode,
                                   .verbose = verbose,
                                   .max_trigger = {9, "iteration"}});
    };
  };
  const std::vector<double> values = {5, 4, 6, 3, 3, 4, 1, 1, 1, 1};
  for (const int resume_at : {0, 3, 5}) {
    EXPECT_EQ(fired(make("auto"), 2, resume_at, values).front(), 6);
    EXPECT_EQ(fired(make("max"), 2, resume_at, values).front(), 5);
    EXPECT_EQ(fired(make("max"), 2, resume_at).front(), 9);  // the value is not there
  }
  const Screen screen;
  fired(make("min", screen.file()), 10, 0, {1, 2, 3, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_THAT(screen.text(), ::testing::StartsWith("Epoch 3: early stopping\n"));
  EXPECT_EQ(EarlyStoppingTrigger().get_training_length()->period, 100);
  EXPECT_EQ(message_of<Error>(make("best")),
            "EarlyStoppingTrigger: mode must be max, min or auto, but is best");
}

}  // namespace
}  // namespace nn::training::triggers
