#include "nn/training/extensions/extensions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <limits>
#include <memory>

#include "nn/files/npz.h"
#include "nn/optimizers/adam.h"
#include "nn/training/triggers/triggers.h"
#include "nn/vae/collapse_monitor.h"
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
  Evaluator evaluator(
      t.once, t.model,
      [&](const Variable& x) {
        EXPECT_EQ(t.model(x).creator(), nullptr);
        sums.push_back(x.array().item());
      },
      {.converter =
           [](const datasets::Batch& batch) {
             return Arrays{datasets::concat_examples(batch)[0].array().slice(0, 0, 1)};
           },
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
            "Evaluator: the target main must outlive the Evaluator, but it was destroyed");
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
  EXPECT_THAT(
      message_of<Error>([&] { t.trainer->run(); }),
      "npz: " + t.out + "/snapshot_iter_3 must be writable, but writing failed: Is a directory");
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

struct Extended : Training {
  Extended() : Training({7, "iteration"}, 1) {}
  optimizers::Adam other;  // has more rates to be shifted
};

// Every extension that remembers something or acts before training.
void extend_by_all(Extended& t, std::FILE* screen) {
  Trainer& trainer = *t.trainer;
  trainer.extend(ExponentialShift("lr", 0.5));
  trainer.extend(
      ExponentialShift("alpha", 0.9, {.init = 0.5, .target = 0.1, .optimizer = &t.other}));
  trainer.extend(LinearShift("beta1", {1, 0}, {1, 3}, &t.other), {.trigger = {2, "iteration"}});
  trainer.extend(MultistepShift("beta2", 0.5, {2, 4}, 0.9, &t.other));
  trainer.extend(WarmupShift("eta", 0, 3, 1, &t.other));
  trainer.extend(MicroAverage("main/loss", "main/size", "ratio", {3, "iteration"}));
  trainer.extend(
      ParameterStatistics(t.model.l, default_statistics(), {.trigger = {3, "iteration"}}));
  trainer.extend(DumpGraph("main/loss"));
  trainer.extend(Evaluator(t.once, t.model));
  trainer.extend(NonNumberMonitor(screen));
  trainer.extend(CollapseMonitor(Array::of<float>({1, 2, 3}, {{3, 1}}),
                                 [&t](const Variable& x) { return std::pair(t.model.l(x), x); }, {},
                                 {.out = screen}));
  trainer.extend(observe_lr());
  trainer.extend(LogReport());
  trainer.extend(LogReport(
      {.trigger = triggers::ManualScheduleTrigger({2, 4}, "iteration"), .filename = "manual"}));
  trainer.extend(PrintReport({"iteration", "lr"}, {.out = screen}));
  trainer.extend(
      PrintReport({"iteration"}, {.log_report = std::make_shared<LogReport>(LogReportOptions{
                                      .trigger = {2, "iteration"}, .filename = "own"}),
                                  .out = screen}));
  trainer.extend(PlotReport({"main/loss", "never"}, "epoch", {.trigger = {4, "iteration"}}));
  trainer.extend(VariableStatisticsPlot(t.model, {.max_sample_size = 3, .trigger = {3, "epoch"}}));
  trainer.extend([](Trainer&) {}, {.name = "once", .trigger = triggers::OnceTrigger()});
  trainer.extend([](Trainer&) {}, {.name = "best", .trigger = triggers::MinValueTrigger("lr")});
  trainer.extend([](Trainer&) {}, {.name = "time", .trigger = triggers::TimeTrigger(2)});
}

struct Course {
  std::vector<std::array<double, 5>> rates;
  std::vector<bool> graphs;
  std::vector<double> loss;
  serializers::Dictionary end;
};

// A training of seven iterations whose course is noted after iteration `from`. It goes on from
// `file`, unless that is empty.
Course course(Extended& t, std::FILE* screen, int from = 0, const std::string& file = {}) {
  Course course;
  t.trainer->extend(
      [&](Trainer& trainer) {
        if (trainer.updater().iteration() <= from) return;
        const Observed& loss = trainer.observation().at("main/loss");
        course.rates.push_back(
            {t.optimizer.lr, t.other.alpha, t.other.beta1, t.other.beta2, t.other.eta});
        course.graphs.push_back(loss.variable().creator() != nullptr);
        course.loss.push_back(loss.item());
      },
      {.name = "noting", .priority = 1000});
  extend_by_all(t, screen);
  t.trainer->set_clock([] { return 0.; });
  if (!file.empty()) serializers::load_npz(file, *t.trainer);
  t.trainer->run();
  course.end = serializers::save(serializers::serialize_of(*t.trainer));
  return course;
}

void expect_same(const Course& a, const Course& b) {
  EXPECT_EQ(a.rates, b.rates);
  EXPECT_EQ(a.graphs, b.graphs);
  EXPECT_EQ(a.loss, b.loss);
  for (const auto& [key, entry] : a.end) {
    const auto found = b.end.find(key);
    ASSERT_NE(found, b.end.end()) << key;
    ASSERT_EQ(found->second.index(), entry.index()) << key;
    if (const Array* array = std::get_if<Array>(&entry)) {
      EXPECT_TRUE(array_equal(*array, std::get<Array>(found->second))) << key;
    } else if (const std::string* text = std::get_if<std::string>(&entry)) {
      EXPECT_EQ(std::get<std::string>(found->second), *text) << key;
    }
  }
}

// A snapshot that loads itself gives what a load before run() gives, and both the training that was
// not stopped.
TEST(Snapshot, LoadsBeforeAnyExtensionIsInitialised) {
  const Screen screen;
  const auto extend = [](Training& t, bool autoload) {
    t.trainer->extend(snapshot({.filename = "{iteration}", .autoload = autoload}),
                      {.trigger = {1, "iteration"}});
  };
  for (const int stopped : {1, 2, 3, 4, 6, 7}) {
    SCOPED_TRACE(stopped);
    Extended whole, loaded, autoloaded;
    extend(whole, false);
    const Course expected = course(whole, screen.file(), stopped);
    EXPECT_EQ(expected.rates.size(), static_cast<std::size_t>(7 - stopped));
    const std::string name = "/" + std::to_string(stopped);
    extend(loaded, false);
    expect_same(course(loaded, screen.file(), stopped, whole.out + name), expected);
    std::filesystem::create_directories(autoloaded.out);
    std::filesystem::copy_file(whole.out + name, autoloaded.out + name);
    extend(autoloaded, true);
    expect_same(course(autoloaded, screen.file(), stopped), expected);
  }
}

// Files that others wrote, of names like those of snapshots, and of whatever names.
const std::vector<std::string> kForeign = {"snapshot_iter_best",
                                           "snapshot_iter_100_backup",
                                           "snapshot_iter_",
                                           "snapshot_iter_007",
                                           "snapshot_iter_77",
                                           "snapshot_iter_-",
                                           "2024",
                                           "77",
                                           "007",
                                           "1e3",
                                           "notes",
                                           "s1_00002_old",
                                           "s9_00077"};

TEST(Snapshot, DeletesAndLoadsOnlyWhatItWrote) {
  for (const std::string pattern :
       {"snapshot_iter_{.updater.iteration}", "{iteration}", "s{epoch}_{iteration:05}"}) {
    SCOPED_TRACE(pattern);
    Training t({2, "epoch"});
    std::filesystem::create_directories(t.out);
    for (const std::string& name : kForeign) std::ofstream(t.out + "/" + name) << "mine";
    const auto files = [&] {
      std::vector<std::string> own;
      std::size_t foreign = 0;
      for (const auto& entry : std::filesystem::directory_iterator(t.out)) {
        if (contents(entry.path()) == "mine")
          ++foreign;
        else if (entry.path().filename() != "log")
          own.push_back(entry.path().filename());
      }
      EXPECT_EQ(foreign, kForeign.size());
      return own;
    };
    t.trainer->extend(snapshot({.filename = pattern, .n_retains = 2}),
                      {.trigger = {1, "iteration"}});
    t.trainer->run();
    EXPECT_EQ(files().size(), 2u);

    Training u({3, "epoch"});
    u.trainer.emplace(*u.updater, Trigger(3, "epoch"), t.out);
    const Screen screen;
    u.trainer->extend(
        snapshot(
            {.filename = pattern, .n_retains = 1, .autoload = true, .warnings = screen.file()}),
        {.trigger = {1, "iteration"}});
    int first = 0;
    u.trainer->extend(
        [&](Trainer& trainer) {
          if (first == 0) first = static_cast<int>(trainer.updater().iteration());
        },
        {.name = "first"});
    u.trainer->run();
    EXPECT_EQ(first, 6);
    EXPECT_EQ(screen.text(), "");
    EXPECT_EQ(files().size(), 1u);
  }
}

TEST(Snapshot, StaysInItsFolder) {
  Training t({2, "epoch"});
  t.trainer->extend(snapshot({.n_retains = 1}), {.trigger = {1, "iteration"}});
  t.trainer->run();
  // Of the same names, written by another training: the one that is resumed knows other files.
  Training u({3, "epoch"});
  std::filesystem::create_directories(u.out);
  std::ofstream(u.out + "/snapshot_iter_5") << "mine";
  u.trainer->extend(snapshot({.n_retains = 1}), {.trigger = {1, "iteration"}});
  auto saved = serializers::save(serializers::serialize_of(*t.trainer));
  serializers::load(saved, serializers::serialize_of(*u.trainer));
  u.trainer->run();
  EXPECT_EQ(contents(u.out + "/snapshot_iter_5"), "mine");
  // A list that was made to harm.
  Training v({3, "epoch"});
  const std::string victim = v.folder.write("victim", "mine");
  saved["extensions/_Snapshot/_written"] =
      "[\"" + victim + "\", \"" + v.out + "/../victim\", \"a\", \"b\"]";
  v.trainer->extend(snapshot({.n_retains = 1}), {.trigger = {1, "iteration"}});
  serializers::load(saved, serializers::serialize_of(*v.trainer));
  v.trainer->run();
  EXPECT_EQ(contents(victim), "mine");
}

TEST(Snapshot, PassesOverDamagedFiles) {
  const std::string whole = [] {
    Training t;
    t.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
    t.trainer->run();
    return contents(t.out + "/snapshot_iter_5");
  }();
  for (const std::string& damaged :
       {std::string(), std::string("PK"), whole.substr(0, whole.size() / 2),
        whole.substr(0, whole.size() - 1), std::string(whole.size(), '\0')}) {
    Training t;
    t.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
    t.trainer->run();
    for (const int n : {4, 5})
      std::ofstream(t.out + "/snapshot_iter_" + std::to_string(n), std::ios::binary) << damaged;
    const Screen screen;
    const auto resume = [&](std::int64_t& first) {
      Training u;
      u.trainer.emplace(*u.updater, Trigger(2, "epoch"), t.out);
      u.trainer->extend(snapshot({.autoload = true, .warnings = screen.file()}),
                        {.trigger = {1, "epoch"}});
      u.trainer->extend(
          [&](Trainer& trainer) {
            if (first == 0) first = trainer.updater().iteration();
          },
          {.name = "first"});
      u.trainer->run();
    };
    std::int64_t first = 0;
    resume(first);
    EXPECT_EQ(first, 4);
    EXPECT_THAT(screen.text(),
                StartsWith("snapshot: autoload skips " + t.out + "/snapshot_iter_5: npz: "));
    EXPECT_THAT(screen.text(),
                HasSubstr("snapshot: autoload skips " + t.out + "/snapshot_iter_4: npz: "));
    for (int n = 1; n <= 5; ++n)
      std::ofstream(t.out + "/snapshot_iter_" + std::to_string(n), std::ios::binary) << damaged;
    EXPECT_THAT(
        message_of<Error>([&] { resume(first); }),
        StartsWith(
            "snapshot: autoload must find a file that can be loaded, but none of the 5 files in " +
            t.out + " can be loaded, the newest because npz: "));
  }
}

void expect_same_state(const serializers::Dictionary& a, const serializers::Dictionary& b,
                       const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (const auto& [key, entry] : a) {
    const FileValue& other = b.at(key);
    ASSERT_EQ(other.index(), entry.index()) << what << ": " << key;
    if (const Array* array = std::get_if<Array>(&entry)) {
      EXPECT_TRUE(array_equal(*array, std::get<Array>(other))) << what << ": " << key;
    } else if (const std::string* text = std::get_if<std::string>(&entry)) {
      EXPECT_EQ(std::get<std::string>(other), *text) << what << ": " << key;
    }
  }
}

// What an object holds, with memory of its own.
serializers::Dictionary copied(Trainer& trainer) {
  serializers::Dictionary saved = serializers::save(serializers::serialize_of(trainer));
  for (auto& item : saved)
    if (Array* array = std::get_if<Array>(&item.second)) *array = array->copy();
  return saved;
}

// Each value of a snapshot, damaged in each way: it is refused, and nothing has changed.
TEST(Snapshot, IsRefusedWholeWhereOneValueIsDamaged) {
  using Damage = std::pair<std::string, FileValue>;
  const auto i64 = [](std::int64_t n) { return FileValue(Array::scalar(n)); };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Screen screen;
  Extended t;
  t.trainer->extend(snapshot({.n_retains = 1}), {.trigger = {1, "iteration"}});
  course(t, screen.file());
  const serializers::Dictionary sound = copied(*t.trainer);

  Extended u;
  u.trainer->extend(snapshot({.n_retains = 1}), {.trigger = {1, "iteration"}});
  u.trainer->extend([](Trainer&) {}, {.name = "noting", .priority = 1000});
  extend_by_all(u, screen.file());
  const serializers::Dictionary before = copied(*u.trainer);
  const auto ends_in = [](const std::string& key, const std::vector<std::string>& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return key == name || key.ends_with("/" + name);
    });
  };
  int tried = 0;
  for (const auto& [key, entry] : sound) {
    std::vector<Damage> damages;
    const Array* array = std::get_if<Array>(&entry);
    // What a snapshot may lack, for one that was made before the object was there lacks it.
    // An older Chainer wrote no previous_epoch_detail of an iterator.
    if (key != "updater/iterator:main/previous_epoch_detail" &&
        !ends_in(key, {"_names", "_observation", "best_value", "next_time", "_flag_first",
                       "finished", "_epoch", "_written"}))
      damages.emplace_back("missing", None);
    if (array == nullptr) {
      damages.emplace_back("a number", i64(1));
      for (const char* text : {"", "[", "{}", "[1", "[[]]", "[{\"a\": []}]", "nonsense"})
        if (!key.ends_with("_plot_plot.png") || text != std::string("{}"))  // no curve yet
          damages.emplace_back(text, std::string(text));
    } else {
      damages.emplace_back("a text", std::string("1"));
      autograd::Shape longer = array->shape();
      longer.insert(0, 2);
      damages.emplace_back("one more axis", Array::zeros(longer, array->dtype()));
      if (array->dtype() == autograd::Dtype::bool_) {
        damages.emplace_back("an integer", i64(1));
      } else if (ends_in(key, {"_numerator", "_denominator"})) {
        // Sums of any numbers, which are saved as integers where they are whole.
      } else if (array->dtype() == autograd::Dtype::int64 && array->ndim() == 0) {
        for (const std::int64_t n :
             {std::int64_t{-2}, std::int64_t{-1} << 40, std::numeric_limits<std::int64_t>::min(),
              std::numeric_limits<std::int64_t>::max(), (std::int64_t{1} << 53) + 1})
          damages.emplace_back(std::to_string(n), i64(n));
        if (!key.ends_with("previous_iteration")) damages.emplace_back("-1", i64(-1));
        damages.emplace_back("1.5", Array::scalar(1.5));
      } else if (array->dtype() == autograd::Dtype::int64) {
        for (const std::int64_t n : {std::int64_t{-1}, std::int64_t{1} << 32})
          damages.emplace_back(
              "holds " + std::to_string(n),
              Array::full(array->shape(), static_cast<double>(n), autograd::Dtype::int64));
        if (key == "random/keys")
          damages.emplace_back("zeros", Array::zeros(array->shape(), autograd::Dtype::int64));
        damages.emplace_back("floats", array->astype(autograd::Dtype::float64));
      } else if (ends_in(key, {"previous_epoch_detail", "cached_gaussian", "next_time",
                               "_snapshot_elapsed_time"})) {
        for (const double x : {nan, -2., -1e300, -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::infinity()})
          if (x != -2 || !key.ends_with("gaussian"))
            damages.emplace_back(std::to_string(x), Array::scalar(x));
      }
    }
    for (const auto& [name, value] : damages) {
      serializers::Dictionary damaged = sound;
      if (name == "missing")
        damaged.erase(key);
      else
        damaged[key] = value;
      ++tried;
      const std::string what = fmt::format("{} {}", key, name);
      EXPECT_NE(message_of<Error>(
                    [&] { serializers::load(damaged, serializers::serialize_of(*u.trainer)); }),
                "")
          << what;
      expect_same_state(copied(*u.trainer), before, what);
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(tried, 400);
}

// --- Ctrl-C

TEST(Snapshot, IsTakenWhereASignalEndsTheTraining) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Training t({3, "epoch"}, 0.1), u({3, "epoch"}, 0.1), whole({3, "epoch"}, 0.1);
    const auto extend = [](Training& training, int at, int sent) {
      training.trainer->set_clock([] { return 0.; });
      training.trainer->extend(snapshot({.n_retains = 1}));
      training.trainer->extend(LogReport());
      training.trainer->extend(
          [=](Trainer& trainer) {
            if (trainer.updater().iteration() == at) std::raise(sent);
          },
          {.name = "sends", .priority = 1000});
    };
    extend(whole, -1, 0);
    whole.trainer->run();
    extend(t, 4, signal);  // within the second epoch
    std::string file;
    try {
      t.trainer->run({.stop_on_signal = true});
      ADD_FAILURE();
    } catch (const Interrupted& stop) {
      EXPECT_EQ(stop.signal(), signal);
      EXPECT_EQ(stop.exit_status(), 128 + signal);
      EXPECT_EQ(stop.iteration(), 4);
      file = stop.snapshot();
      EXPECT_EQ(file, t.out + "/snapshot_iter_4");
      EXPECT_EQ(std::string(stop.what()),
                "Trainer: the training should end by its stop trigger, but " + signal_name(signal) +
                    " stopped it after iteration 4; resume from " + file);
    }
    EXPECT_FALSE(std::filesystem::exists(t.out + "/snapshot_iter_3"));
    extend(u, -1, 0);
    serializers::load_npz(file, *u.trainer);
    u.trainer->run({.stop_on_signal = true});
    EXPECT_EQ(contents(u.out + "/log"), contents(whole.out + "/log"));
    EXPECT_EQ(u.model.l.W.array().item(), whole.model.l.W.array().item());
  }
}

TEST(StopSignals, BringBackWhatWasBefore) {
  static int handled = 0;
  const auto count = [](int) { ++handled; };
  struct sigaction mine {
  }, before{}, after{};
  mine.sa_handler = count;
  sigaction(SIGUSR1, &mine, &before);
  {
    const StopSignals outer({SIGUSR1});
    {
      const StopSignals inner({SIGUSR1});
      EXPECT_EQ(StopSignals::received(), 0);
    }
    std::raise(SIGUSR1);
    EXPECT_EQ(StopSignals::received(), SIGUSR1);
    EXPECT_EQ(handled, 0);
  }
  std::raise(SIGUSR1);
  EXPECT_EQ(handled, 1);
  const StopSignals anew({SIGUSR2});
  EXPECT_EQ(StopSignals::received(), 0);
  sigaction(SIGUSR1, &before, &after);
  EXPECT_THAT(message_of<Error>([] { StopSignals({SIGKILL}); }),
              HasSubstr("must be those that a program may handle, but one is 9"));
}

TEST(StopSignalsDeathTest, EndTheProgramAtTheSecond) {
  EXPECT_EXIT(
      {
        const StopSignals signals;
        std::raise(SIGINT);
        std::raise(SIGINT);  // so soon after, it is the same request
        if (StopSignals::received() != SIGINT) _exit(1);
        usleep(100'000);
        std::raise(SIGTERM);
        _exit(2);
      },
      testing::KilledBySignal(SIGTERM), "");
  EXPECT_EXIT(
      {
        std::signal(SIGTERM, SIG_IGN);
        const StopSignals signals;
        std::raise(SIGTERM);
        _exit(StopSignals::received());
      },
      testing::ExitedWithCode(0), "");
}

TEST(Evaluator, WeighsBatchesByTheirExamplesWhereTold) {
  Training t;
  const Means result = Evaluator(t.once, t.model, {.by_example = true})();
  EXPECT_DOUBLE_EQ(result.at("main/loss"), (1. + 2 + 3 + 4 + 5) / 5);
  EXPECT_DOUBLE_EQ(result.at("main/size"), (2. * 2 + 2 * 2 + 1) / 5);
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
  EXPECT_EQ(
      screen.text(),
      "NonNumberMonitor: observed values must be finite, but main/loss is infinite, with NaN to "
      "follow, in epoch 1 (iteration 2): a smaller learning rate or another optimizer may help.\n");
  EXPECT_EQ(monitor.epoch(), 1);
  Training sound({3, "epoch"}, 0.1);
  const NonNumberMonitor& quiet = sound.trainer->extend(NonNumberMonitor(screen.file()));
  sound.trainer->run();
  EXPECT_EQ(quiet.epoch(), 0);
}

TEST(StandardUpdater, SaysWhatDoesNotFit) {
  Training t;
  StandardUpdater two(t.iterator, t.optimizer, [](const Variable& x, const Array&) { return x; });
  EXPECT_EQ(
      message_of<Error>([&] { two.update(); }),
      "batch: the function must take as many arguments as the converter makes of an example, but "
      "it makes 1");
  StandardUpdater ends(t.once, t.optimizer, t.model, {.auto_new_epoch = false});
  EXPECT_EQ(message_of<Error>([&] {
              for (int i = 0; i < 4; ++i) ends.update();
            }),
            "StandardUpdater: the iterator main must repeat, but it is exhausted");
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
