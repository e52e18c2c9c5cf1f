#include "nn/training/updaters/parallel_updater.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "autograd/array/random.h"
#include "autograd/functions/functions.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/iterators/serial_iterator.h"
#include "nn/links/connection/linear.h"
#include "nn/optimizers/sgd.h"
#include "nn/reporting/reporter.h"
#include "nn/training/extensions/extensions.h"
#include "nn/training/trainer.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::training {
namespace {

namespace F = autograd;
using F::Array;
using F::Variable;

// A loss that is a sum over the examples: the parts of a batch add up to it.
class Net : public Chain {
 public:
  Linear l1{None, 8}, l2{8, 3};

  void list(Members& m) override { m("l1", l1)("l2", l2); }
  Variable operator()(const Variable& x) { return loss(x, 1); }
  Variable loss(const Variable& x, double scale) {
    const Variable noisy = ratio > 0 ? F::dropout(x, ratio) : x;
    const Variable y = F::sum(F::square(l2(F::tanh(l1(noisy))))) * scale;
    report({{"loss", y}}, *this);
    return y;
  }
  double ratio = 0;
};

struct Trained {
  explicit Trained(double ratio = 0) {
    net.ratio = ratio;
    optimizer.lr = 0.01;
    optimizer.setup(net);
    data.emplace(F::array::normal(0, 1, {22, 5}));
    iterator.emplace(*data, 7);
  }
  std::vector<Array> train(StandardUpdater& updater, int iterations) {
    for (int i = 0; i < iterations; ++i) updater.update();
    std::vector<Array> all;
    for (const Parameter& p : net.params()) all.push_back(p.array());
    return all;
  }
  struct Seed {
    Seed() { F::random::seed(6); }
  } seed;
  Net net;
  optimizers::SGD optimizer;
  std::optional<datasets::TupleDataset> data;
  std::optional<iterators::SerialIterator> iterator;
};

void expect_near(const std::vector<Array>& a, const std::vector<Array>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = a[i].to_vector<double>(), y = b[i].to_vector<double>();
    for (std::size_t k = 0; k < x.size(); ++k)
      EXPECT_NEAR(x[k], y[k], tolerance * (1 + std::abs(y[k])));
  }
}

TEST(ParallelUpdater, AddsTheGradientsOfTheParts) {
  Trained whole;
  StandardUpdater standard(*whole.iterator, whole.optimizer, whole.net);
  const std::vector<Array> expected = whole.train(standard, 9);
  for (const int models : {1, 2, 3, 9}) {
    Trained run;
    ParallelUpdater updater(*run.iterator, run.optimizer, run.net, {.models = models});
    expect_near(run.train(updater, 9), expected, 1e-5);
    EXPECT_EQ(updater.iteration(), 9);
    EXPECT_EQ(run.optimizer.epoch, whole.optimizer.epoch);
    updater.finalize();
  }
}

TEST(ParallelUpdater, TakesALossOfAModel) {
  const auto train = [](const auto&... loss) {
    Trained run;
    ParallelUpdater updater(*run.iterator, run.optimizer, run.net, loss...,
                            ParallelUpdaterOptions{.models = 2});
    return run.train(updater, 3);
  };
  const auto twice_half = [](Net& net, const Variable& x) { return net.loss(x, 0.5) * 2; };
  expect_near(train(twice_half), train(), 1e-6);
}

TEST(ParallelUpdater, GivesTheSameBitsInEveryRun) {
  const auto train = [] {
    Trained run(0.4);  // dropout draws in all replicas
    ParallelUpdater updater(*run.iterator, run.optimizer, run.net, {.models = 3});
    return run.train(updater, 8);
  };
  const std::vector<Array> once = train();
  for (int i = 0; i < 5; ++i) {
    const std::vector<Array> again = train();
    for (std::size_t k = 0; k < once.size(); ++k) EXPECT_TRUE(array_equal(once[k], again[k]));
  }
}

TEST(ParallelUpdater, ReportsForEachReplica) {
  const Folder folder;
  Trained run;
  Trainer trainer(ParallelUpdater(*run.iterator, run.optimizer, run.net, {.models = 3}),
                  {4, "iteration"}, folder / "out");
  const auto& log =
      trainer.extend(extensions::LogReport({.trigger = {1, "iteration"}, .filename = ""}));
  trainer.run();
  const LogEntry& entry = log.log().at(3);
  EXPECT_TRUE(entry.contains("main/loss"));
  EXPECT_TRUE(entry.contains("worker1/loss"));
  EXPECT_TRUE(entry.contains("worker2/loss"));
}

TEST(ParallelUpdater, GivesOnTheErrorOfAReplicaAndChangesNothing) {
  Trained run;
  int calls = 0;
  ParallelUpdater updater(*run.iterator, run.optimizer, run.net,
                          [&](Net& net, const Variable& x) {
                            if (&net != &run.net && calls > 0)
                              throw std::runtime_error("a replica is broken");
                            return net.loss(x, 1);
                          },
                          {.models = 2});
  const std::vector<Array> before = [&] {
    std::vector<Array> copies;
    for (const Array& a : run.train(updater, 1)) copies.push_back(a.copy());
    return copies;
  }();
  calls = 1;
  EXPECT_EQ(message_of<std::runtime_error>([&] { updater.update(); }), "a replica is broken");
  std::vector<Array> after;
  for (const Parameter& p : run.net.params()) after.push_back(p.array());
  for (std::size_t k = 0; k < before.size(); ++k) EXPECT_TRUE(array_equal(before[k], after[k]));
  EXPECT_EQ(updater.iteration(), 1);
}

TEST(ParallelUpdater, SaysWhatIsWrong) {
  Trained run, other;
  EXPECT_EQ(message_of<autograd::Error>(
                [&] { ParallelUpdater(*run.iterator, run.optimizer, run.net, {.models = 0}); }),
            "ParallelUpdater: models must lie between 1 and 1024, but it is 0");
  ParallelUpdater updater(*run.iterator, run.optimizer, other.net);
  EXPECT_EQ(message_of<autograd::Error>([&] { updater.update(); }),
            "ParallelUpdater: the model must be the optimizer's target, but it is another");
}

}  // namespace
}  // namespace nn::training
