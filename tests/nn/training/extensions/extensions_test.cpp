#include "nn/training/extensions/extensions.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "nn/optimizers/adam.h"
#include "nn/serializers/npz.h"
#include "tests/message.h"
#include "tests/nn/training/extensions/model.h"

namespace nn::training::extensions {
namespace {

using autograd::Error;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Evaluator, ReportsTheMeansOverBatches) {
  Training t({1, "epoch"});
  t.trainer->extend(Evaluator(t.once, t.model));
  t.trainer->extend(Evaluator(t.once, t.model));
  const LogReport& log = t.trainer->extend(LogReport());
  t.trainer->run();
  const LogEntry& entry = log.log().at(0);
  EXPECT_EQ(double(entry.at("validation/main/loss")),
            (1.5 + 3.5 + 5) / 3);  // a short batch counts as a full one
  EXPECT_EQ(double(entry.at("validation/main/train")), 0);
  EXPECT_EQ(double(entry.at("main/train")), 1);
  EXPECT_EQ(double(entry.at("validation_1/main/loss")), double(entry.at("validation/main/loss")));
}

TEST(Evaluator, WorksWithoutATrainer) {
  Training t;
  const Means result = Evaluator(t.once, t.model)();
  EXPECT_EQ(result.at("main/loss"), (1.5 + 3.5 + 5) / 3);
  EXPECT_EQ(result.at("main/size"), 5. / 3);
}

TEST(Evaluator, RecordsNoGraphAndCallsWhatItIsTold) {
  Training t;
  bool hooked = false;
  std::vector<double> sums;
  Evaluator evaluator(t.once, t.model,
                      [&](const Variable& x) {
                        EXPECT_EQ(t.model(x).creator(), nullptr);
                        sums.push_back(x.array().item());
                      },
                      {.converter = [](Arrays batch) { return Arrays{batch[0].slice(0, 0, 1)}; },
                       .eval_hook = [&](Evaluator& e) { hooked = &e.iterator() == &t.once; }});
  evaluator();
  EXPECT_TRUE(hooked);
  EXPECT_THAT(sums, ElementsAre(1, 3, 5));
  EXPECT_TRUE(autograd::config().train);
}

TEST(Evaluator, RefusesAnIteratorWithoutEnd) {
  Training t;
  EXPECT_EQ(message_of<Error>([&] { Evaluator(t.iterator, t.model); }),
            "Evaluator: the iterator must not repeat, but it does");
}

TEST(Evaluator, FollowsAModelThatIsMovedAndNoticesOneThatIsGone) {
  Training t;
  auto model = std::make_unique<Model>();
  Evaluator evaluator(t.once, *model);
  {
    Model elsewhere = std::move(*model);
    model = nullptr;
    EXPECT_EQ(evaluator().at("main/loss"), (1.5 + 3.5 + 5) / 3);
  }
  EXPECT_EQ(message_of<Error>([&] { evaluator(); }),
            "Evaluator: the target main must live as long as it, but it is gone");
}

TEST(Snapshot, KeepsTheNewestAndLoadsIt) {
  Training t({3, "epoch"}, 0.1);
  t.trainer->extend(snapshot({.n_retains = 2}), {.trigger = {2, "iteration"}});
  t.trainer->extend(snapshot_object(t.model, "model_{epoch}"));
  t.trainer->run();
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(t.out))
    names.push_back(file.path().filename());
  std::sort(names.begin(), names.end());
  EXPECT_THAT(names,
              ElementsAre("model_1", "model_2", "model_3", "snapshot_iter_6", "snapshot_iter_8"));

  Training u({4, "epoch"}, 0.1);
  u.trainer.emplace(*u.updater, Trigger(4, "epoch"), t.out);
  u.trainer->extend(snapshot({.autoload = true}));
  std::int64_t first = 0;
  u.trainer->extend(
      [&](Trainer& trainer) { first = first == 0 ? trainer.updater().iteration() : first; },
      {.name = "noting"});
  u.trainer->run();
  EXPECT_EQ(first, 9);
  EXPECT_EQ(u.updater->iteration(), 10);
  Model model;
  serializers::load_npz(t.out + "/model_3", model);
  serializers::load_npz(t.out + "/snapshot_iter_8", model, {.path = "updater/model:main"});
}

TEST(Snapshot, TellsConditionAndError) {
  Training t;
  t.trainer->extend(snapshot({.condition = [] { return false; }}));
  t.trainer->extend(snapshot({.filename = "error_{iteration}",
                              .condition = [] { return false; },
                              .snapshot_on_error = true}));
  t.trainer->extend(
      [](Trainer& trainer) {
        if (trainer.updater().iteration() == 4) throw Error("no");
      },
      {.name = "fails"});
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }), "no");
  EXPECT_FALSE(std::filesystem::exists(t.out + "/snapshot_iter_3"));
  EXPECT_TRUE(std::filesystem::exists(t.out + "/error_4"));
}

TEST(Snapshot, SaysWhereItCannotWrite) {
  Training t;
  std::filesystem::create_directories(t.out + "/snapshot_iter_3/inside");
  t.trainer->extend(snapshot());
  EXPECT_THAT(message_of<Error>([&] { t.trainer->run(); }),
              "npz: " + t.out +
                  "/snapshot_iter_3 must be writable, but writing failed: Is a directory");
  for (const auto& file : std::filesystem::directory_iterator(t.out))
    EXPECT_FALSE(file.path().filename().string().starts_with("tmp")) << file.path();
}

TEST(DumpGraph, WritesTheGraphOfTheFirstIteration) {
  Training t;
  t.trainer->extend(DumpGraph("main/loss"));
  std::vector<bool> kept;
  t.trainer->extend(
      [&](Trainer& trainer) {
        kept.push_back(trainer.observation().at("main/loss").variable().creator() != nullptr);
      },
      {.name = "noting"});
  t.trainer->run();
  EXPECT_THAT(contents(t.out + "/cg.dot"), StartsWith("digraph graphname{rankdir=TB;"));
  EXPECT_THAT(contents(t.out + "/cg.dot"), HasSubstr("LinearFunction"));
  EXPECT_THAT(kept, ElementsAre(true, false, false, false, false));
  EXPECT_FALSE(autograd::config().keep_graph_on_report);
}

TEST(DumpGraph, SaysWhatItMisses) {
  Training t;
  t.trainer->extend(DumpGraph("main/accuracy"));
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }),
            "DumpGraph: main/accuracy must be reported as a variable in the first iteration, but "
            "it is not");
  EXPECT_FALSE(autograd::config().keep_graph_on_report);
}

TEST(ObserveValue, WritesIntoTheObservation) {
  Training t({1, "epoch"}, 0.25);
  t.trainer->extend(observe_lr());
  t.trainer->extend(observe_value(
      "iterations", [](Trainer& trainer) { return double(trainer.updater().iteration()); }));
  const LogReport& log = t.trainer->extend(LogReport());
  t.trainer->run();
  EXPECT_EQ(double(log.log()[0].at("lr")), 0.25);
  EXPECT_EQ(double(log.log()[0].at("iterations")), 3);
}

// The learning rates of seven iterations, the first before any call; resumed after `resume_at`.
template <class Make>
std::vector<double> rates(const Make& make, int resume_at) {
  Training t({7, "iteration"}, 1);
  std::vector<double> out;
  const auto note = [&](Training& training) {
    return [&](Trainer&) { out.push_back(training.optimizer.lr); };
  };
  t.trainer->extend(make());
  t.trainer->extend(note(t), {.name = "noting", .priority = 1000});
  t.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
  t.trainer->run();
  if (resume_at == 0) return out;
  out.resize(static_cast<std::size_t>(resume_at));
  Training u({7, "iteration"}, 1);
  u.trainer->extend(make());
  u.trainer->extend(note(u), {.name = "noting", .priority = 1000});
  serializers::load_npz(t.out + "/snapshot_iter_" + std::to_string(resume_at), *u.trainer,
                        {.strict = false});
  u.trainer->run();
  return out;
}

TEST(Shift, ChangesAHyperparameter) {
  for (const int resume_at : {0, 3}) {
    EXPECT_THAT(rates([] { return ExponentialShift("lr", 0.5, {.target = 0.1}); }, resume_at),
                ElementsAre(1, 0.5, 0.25, 0.125, 0.1, 0.1, 0.1));
    EXPECT_THAT(rates([] { return ExponentialShift("lr", 2, {.init = 3}); }, resume_at),
                ElementsAre(3, 6, 12, 24, 48, 96, 192));
    EXPECT_THAT(rates(
                    [] {
                      return LinearShift("lr", {1, 0}, {1, 5});
                    },
                    resume_at),
                ElementsAre(1, 1, 0.75, 0.5, 0.25, 0, 0));
  }
  EXPECT_EQ(message_of<Error>([] { ExponentialShift("lr", -1); }),
            "ExponentialShift: rate must not be negative, but is -1");
}

TEST(FailOnNonNumber, NamesTheParameter) {
  Training t({3, "epoch"}, std::numeric_limits<double>::infinity());
  t.trainer->extend(FailOnNonNumber());
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }),
            "FailOnNonNumber: parameters must be finite, but those of the optimizer main diverge "
            "at /l/W");
}

TEST(NonNumberMonitor, SaysOnceWhatIsNoNumberAndWhen) {
  Training t({3, "epoch"}, std::numeric_limits<double>::infinity());
  Screen screen;
  const NonNumberMonitor& monitor = t.trainer->extend(NonNumberMonitor(screen.file()));
  t.trainer->run();
  EXPECT_EQ(screen.text(),
            "\033[JNonNumberMonitor: what is observed must be finite, but main/loss is infinite, "
            "with NaN "
            "to follow, in epoch 1 (iteration 2): a smaller learning rate or another optimizer may "
            "help.\n");
  EXPECT_EQ(monitor.epoch(), 1);
  Training sound({3, "epoch"}, 0.1);
  const NonNumberMonitor& quiet = sound.trainer->extend(NonNumberMonitor(screen.file()));
  sound.trainer->run();
  EXPECT_EQ(quiet.epoch(), 0);
}

TEST(StandardUpdater, SaysWhatDoesNotFit) {
  Training t;
  StandardUpdater two(t.iterator, t.optimizer, [](const Variable& x, const Array&) { return x; });
  EXPECT_EQ(message_of<Error>([&] { two.update(); }),
            "batch: the function must take as many arrays as an example has, but an example has 1");
  StandardUpdater ends(t.once, t.optimizer, t.model, {.auto_new_epoch = false});
  EXPECT_EQ(message_of<Error>([&] {
              for (int i = 0; i < 4; ++i) ends.update();
            }),
            "StandardUpdater: the iterator main must repeat, but it has come to its end");
  EXPECT_EQ(message_of<Error>([&] {
              StandardUpdater({{"first", &t.iterator}}, {{"main", &t.optimizer}});
            }),
            "StandardUpdater: one iterator must be named main, but none is");
  StandardUpdater none({{"main", &t.iterator}}, {{"main", &t.optimizer}});
  EXPECT_EQ(
      message_of<Error>([&] { none.update(); }),
      "StandardUpdater: there must be a loss function or another update_core(), but there is none");
  EXPECT_EQ(message_of<Error>([&] { none.get_optimizer("gen"); }),
            "Updater: an optimizer must be asked for by its name, but there is none named gen");
}

}  // namespace
}  // namespace nn::training::extensions
