// A run that Chainer recorded (tests/golden/chainer_files): numpy.random.seed(1), the VAE, 11
// samples in batches of 4, Adam, two epochs, with Evaluator, LogReport, PrintReport and a snapshot
// every second iteration, on a clock that is 1/8 s further each time it is read.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "autograd/base/random.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/files/json.h"
#include "nn/files/npz.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/optimizers/adam.h"
#include "nn/training/extensions/extensions.h"
#include "nn/training/trainer.h"
#include "nn/training/updaters/standard_updater.h"
#include "tests/folder.h"
#include "tests/nn/training/fakes.h"
#include "tests/nn/training/vae.h"
#include "tests/paths.h"

namespace nn::training {
namespace {

using autograd::Array;
using autograd::array_equal;

const std::string kFiles = source_path("tests/golden/chainer_files/");

struct GoldenTraining {
  explicit GoldenTraining(std::string folder) : out(std::move(folder)) {
    trainer.set_clock(ticking(0.125));
    trainer.extend(extensions::Evaluator(test_iter, model));
    trainer.extend(extensions::snapshot(), {.trigger = {2, "iteration"}});
    trainer.extend(extensions::LogReport());
    trainer.extend(extensions::PrintReport({"epoch", "iteration", "main/loss", "main/rec_loss",
                                            "validation/main/loss", "elapsed_time"},
                                           {.out = screen.file(), .to_files = true}));
  }

  const std::string out;
  const NpzReader resume{kFiles + "resume.npz"};
  struct Seed {
    Seed() { autograd::random::seed(1); }
  } seed;
  VAE model;
  struct Adam : optimizers::Adam {
    explicit Adam(Link& link) { setup(link); }
  } optimizer{model};
  iterators::SerialIterator train_iter{datasets::TupleDataset(resume.array("data")), 4};
  iterators::SerialIterator test_iter{
      datasets::TupleDataset(resume.array("test")), 4, {.repeat = false, .shuffle = false}};
  std::optional<Array> eps;  // the noise of the next update; drawn, unless given
  StandardUpdater updater{train_iter, optimizer, [this](const Variable& x) {
                            return eps ? model.loss(x, {.eps = *eps}) : model(x);
                          }};
  Trainer trainer{updater, {2, "epoch"}, out};
  Screen screen;
};

// Within the tolerance that tests/golden/README.md states: 1e-5 of the largest number, or of 1.
void expect_near(const Array& a, const Array& b, const std::string& what) {
  ASSERT_EQ(a.shape(), b.shape()) << what;
  const auto ours = a.to_vector<double>(), theirs = b.to_vector<double>();
  double largest = 1;
  for (const double number : theirs) largest = std::max(largest, std::abs(number));
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(ours[i], theirs[i], 1e-5 * largest) << what << " " << i;
}

void expect_same_log(const std::string& ours, const std::string& theirs) {
  const auto a = json::load_log(ours, "ours"), b = json::load_log(theirs, "theirs");
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t row = 0; row < a.size(); ++row) {
    std::vector<std::string> names, expected;
    for (const auto& [name, value] : a[row]) {
      names.push_back(name);
      EXPECT_NEAR(double(value), double(b[row].at(name)), 1e-5) << name;
    }
    for (const auto& item : b[row]) expected.push_back(item.first);
    EXPECT_EQ(names, expected);
  }
}

// The numbers of two snapshots.
void expect_same_snapshot(const NpzReader& ours, const NpzReader& theirs) {
  for (const std::string& key : theirs.keys()) {
    ASSERT_TRUE(ours.contains(key)) << key;
    const FileValue entry = theirs.entry(key);
    if (const auto* array = std::get_if<Array>(&entry)) {
      EXPECT_EQ(ours.array(key).dtype(), array->dtype()) << key;
      expect_near(ours.array(key), *array, key);
    } else if (key.ends_with("_log")) {
      expect_same_log(ours.text(key), theirs.text(key));
    } else {
      EXPECT_EQ(ours.text(key), theirs.text(key)) << key;
    }
  }
}

TEST(GoldenRun, GivesTheLogTheScreenAndTheSnapshotsThatChainerWrote) {
  const Folder folder;
  GoldenTraining run(folder / "result");
  run.trainer.run();
  EXPECT_EQ(run.screen.text(), contents(kFiles + "print_report.txt"));
  expect_same_log(contents(run.out + "/log"), contents(kFiles + "log"));
  for (const std::string name : {"/snapshot_iter_4", "/snapshot_iter_6"})
    expect_same_snapshot(NpzReader(run.out + name), NpzReader(kFiles + name));
}

TEST(GoldenRun, WritesALogOfChainersByteForByte) {
  const std::string log = contents(kFiles + "log");
  EXPECT_EQ(json::dumps_indented(json::load_log(log, "log")), log);
  const std::string saved = NpzReader(kFiles + "snapshot_iter_6").text("extensions/LogReport/_log");
  EXPECT_EQ(json::dumps(json::load_log(saved, "log")), saved);
}

TEST(GoldenRun, GoesOnFromASnapshotThatChainerTook) {
  const Folder folder;
  GoldenTraining run(folder / "result");
  serializers::load_npz(kFiles + "snapshot_iter_6", run.trainer);
  EXPECT_EQ(run.updater.iteration(), 6);
  for (const auto& [path, parameter] : run.model.namedparams())
    EXPECT_TRUE(array_equal(parameter.array(), run.resume.array("loaded" + path))) << path;
  for (int i = 0; i < 2; ++i) {
    run.eps = run.resume.array("eps").select(0, i);
    Observation observation;
    {
      const auto scope = run.trainer.reporter().scope(observation);
      run.updater.update();
    }
    for (const std::string name : {"loss", "rec_loss", "latent_loss"})
      EXPECT_NEAR(observation.at("main/" + name).item(), run.resume.array(name).select(0, i).item(),
                  1e-5)
          << name;
    for (const auto& [path, parameter] : run.model.namedparams())
      expect_near(parameter.array(), run.resume.array("after" + std::to_string(i + 1) + path),
                  path);
  }
}

// Chainer saves no random state, so only what comes after differs: the noise.
TEST(GoldenRun, GoesOnInTheMiddleOfAnEpochWithTheMeansThatWereBegun) {
  const Folder folder;
  GoldenTraining run(folder / "result");
  serializers::load_npz(kFiles + "snapshot_iter_4", run.trainer);
  run.trainer.run();
  const auto log = json::load_log(contents(run.out + "/log"), "log");
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(double(log[1].at("iteration")), 6);
  EXPECT_EQ(double(log[1].at("elapsed_time")), 0.5);
  EXPECT_NEAR(double(log[1].at("main/loss")), 9.08, 0.5);
  const NpzReader saved(run.out + "/snapshot_iter_6");
  EXPECT_EQ(saved.array("_snapshot_elapsed_time").item(), 0.625);
  // The table is printed anew, all of it.
  const std::string expected = contents(kFiles + "print_report.txt");
  const auto two_lines = expected.find('\n', expected.find('\n') + 1);
  EXPECT_EQ(run.screen.text().substr(0, two_lines), expected.substr(0, two_lines));
}

// Kills a run after an iteration, and goes on in a new program.
TEST(Resume, GivesTheNumbersOfARunThatWasNeverStopped) {
  const Folder folder;
  GoldenTraining whole(folder / "whole");
  whole.trainer.run();
  const NpzReader end(whole.out + "/snapshot_iter_6");
  for (const int killed_after : {2, 4}) {
    const std::string snapshot = whole.out + "/snapshot_iter_" + std::to_string(killed_after);
    GoldenTraining resumed(folder / "resumed");
    autograd::random::seed(99);  // must not matter
    serializers::load_npz(snapshot, resumed.trainer);
    resumed.trainer.run();
    const NpzReader ours(resumed.out + "/snapshot_iter_6");
    for (const std::string& key : end.keys()) {
      const FileValue a = ours.entry(key), b = end.entry(key);
      if (const auto* array = std::get_if<Array>(&b))
        EXPECT_TRUE(array_equal(std::get<Array>(a), *array)) << key;
      else
        EXPECT_EQ(std::get<std::string>(a), std::get<std::string>(b)) << key;
    }
  }
}

}  // namespace
}  // namespace nn::training
