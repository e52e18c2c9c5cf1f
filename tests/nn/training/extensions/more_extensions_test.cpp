#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "autograd/array/reduce.h"
#include "nn/files/npz.h"
#include "nn/training/extensions/extensions.h"
#include "nn/training/make_extension.h"
#include "nn/training/triggers/triggers.h"
#include "tests/message.h"
#include "tests/nn/training/extensions/model.h"

namespace nn::training::extensions {
namespace {

using autograd::Error;
using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAre;

TEST(MicroAverage, DividesSums) {
  Training t({7, "iteration"});
  std::vector<double> ratios;
  t.trainer->extend(MicroAverage("right", "all", "ratio", {3, "iteration"}));
  t.trainer->extend(
      [](Trainer& trainer) {
        const auto i = static_cast<double>(trainer.updater().iteration());
        trainer.observation()["right"] = i;
        if (i != 2) trainer.observation()["all"] = 2 * i;  // the second one does not count
      },
      {.name = "reporting", .priority = kPriorityWriter});
  t.trainer->extend(
      [&](Trainer& trainer) {
        const Observed* ratio = trainer.observation().find("ratio");
        if (ratio) ratios.push_back(ratio->item());
      },
      {.name = "noting"});
  t.trainer->extend(snapshot(), {.trigger = {7, "iteration"}});
  t.trainer->run();
  EXPECT_THAT(ratios, ElementsAre(0.5, 0.5));
  const NpzReader file(t.out + "/snapshot_iter_7");
  EXPECT_EQ(file.array("extensions/MicroAverage/_numerator").dtype(), autograd::Dtype::int64);
  EXPECT_EQ(file.array("extensions/MicroAverage/_denominator").item(), 14);
}

TEST(MicroAverage, SaysThatThereIsNothingToDivideBy) {
  Training t({1, "iteration"});
  t.trainer->extend(MicroAverage("a", "a", "ratio", {1, "iteration"}));
  t.trainer->extend([](Trainer& trainer) { trainer.observation()["a"] = 0; },
                    {.name = "reporting", .priority = kPriorityWriter});
  EXPECT_EQ(message_of<Error>([&] { t.trainer->run(); }),
            "MicroAverage: the values of a must not sum to 0 over an interval, but they do");
}

std::vector<std::string> keys_of(const LogEntry& entry) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : entry) keys.push_back(key);
  return keys;
}

TEST(ParameterStatistics, AreReportedUnderChainersNames) {
  Training t({2, "iteration"});
  t.trainer->extend(
      ParameterStatistics(t.model.l,
                          {{"sum", [](const Array& x) { return autograd::array::sum(x).item(); }},
                           {"two",
                            [](const Array& x) {
                              return std::vector<double>{double(x.ndim()), 7};
                            }}},
                          {.prefix = "stat", .trigger = {2, "iteration"}}));
  const LogReport& log = t.trainer->extend(
      LogReport({.keys = std::vector<std::string>{"stat/l/W/data/sum", "stat/l/W/data/two/0",
                                                  "stat/l/W/data/two/1", "stat/l/W/grad/sum"},
                 .trigger = {2, "iteration"}}));
  std::vector<double> sums;
  t.trainer->extend(
      [&](Trainer&) { sums.push_back(autograd::array::sum(t.model.l.W.array()).item()); },
      {.name = "noting", .priority = 1000});
  t.trainer->run();
  const LogEntry& entry = log.log().at(0);
  ASSERT_EQ(sums.size(), 2u);
  EXPECT_FLOAT_EQ(float(double(entry.at("stat/l/W/data/sum"))), float((sums[0] + sums[1]) / 2));
  EXPECT_EQ(double(entry.at("stat/l/W/data/two/0")), 1);  // flat
  EXPECT_EQ(double(entry.at("stat/l/W/data/two/1")), 7);
  EXPECT_TRUE(entry.contains("stat/l/W/grad/sum"));
}

TEST(ParameterStatistics, HaveNumPysDefaults) {
  const Dict<Statistic> statistics = default_statistics();
  const Array x = Array::of({3.0, 0.0, -1.0, 0.0, 8.0});
  EXPECT_THAT(statistics.at("mean")(x), ElementsAre(2));
  EXPECT_THAT(statistics.at("std")(x), ElementsAre(DoubleEq(std::sqrt(54 / 5.))));
  EXPECT_THAT(statistics.at("min")(x), ElementsAre(-1));
  EXPECT_THAT(statistics.at("max")(x), ElementsAre(8));
  EXPECT_THAT(statistics.at("zeros")(x), ElementsAre(2));
  const std::vector<double> percentiles = statistics.at("percentile")(x);
  ASSERT_EQ(percentiles.size(), 7u);
  EXPECT_NEAR(percentiles[0], -0.9948, 1e-12);
  EXPECT_EQ(percentiles[3], 0);
  EXPECT_NEAR(percentiles[4], 4.826, 1e-12);
  const Array bad = Array::of({1.0, std::nan("")});
  EXPECT_TRUE(std::isnan(statistics.at("max")(bad)[0]));
  EXPECT_TRUE(std::isnan(statistics.at("percentile")(bad)[3]));
}

TEST(ParameterStatistics, ReplaceArraysThatHoldNanAndTakeMoreStatistics) {
  Training t({1, "iteration"});
  auto& statistics = t.trainer->extend(ParameterStatistics(
      std::vector<Link*>{&t.model.l}, {},
      {.report_grads = false, .trigger = {1, "iteration"}, .skip_nan_params = true}));
  int asked = 0;
  statistics.register_statistics("size", [&](const Array& x) {
    ++asked;
    return double(x.size());
  });
  t.trainer->extend(
      [&](Trainer&) {
        t.model.l.W.set_array(
            Array::full_like(t.model.l.W.array(), std::numeric_limits<double>::quiet_NaN()));
      },
      {.name = "breaking", .priority = 1000});
  const LogReport& log = t.trainer->extend(LogReport({.trigger = {1, "iteration"}}));
  t.trainer->run();
  EXPECT_TRUE(std::isnan(double(log.log().at(0).at("l/W/data/size"))));
  EXPECT_EQ(asked, 0);
  for (const std::string& key : keys_of(log.log().at(0)))
    EXPECT_EQ(key.find("grad"), std::string::npos) << key;
}

TEST(UnchainVariables, FreesGraphsThatWereKept) {
  Training t({3, "iteration"});
  std::vector<bool> kept;
  const auto has_graph = [&](Trainer& trainer) {
    kept.push_back(trainer.observation().at("main/loss").variable().creator() != nullptr);
  };
  t.trainer->extend(dump_graph("main/loss"));  // keeps the graph of the first iteration
  t.trainer->extend(unchain_variables());
  t.trainer->extend(has_graph, {.name = "before", .priority = 1});
  t.trainer->extend(has_graph, {.name = "after", .priority = -1});
  t.trainer->run();
  EXPECT_THAT(kept, ElementsAre(true, false, false, false, false, false));
}

TEST(MakeExtension, GivesAFunctionWhatAnExtensionHas) {
  Training t({3, "iteration"});
  std::vector<std::string> called;
  const auto note = [&](const std::string& what) {
    return [&called, what](auto&&...) { called.push_back(what); };
  };
  t.trainer->extend(make_extension(note("call"), {.trigger = {2, "iteration"},
                                                  .default_name = "mine",
                                                  .priority = kPriorityWriter,
                                                  .finalizer = note("finalize"),
                                                  .initializer = note("initialize"),
                                                  .on_error = note("error")}));
  EXPECT_EQ(t.trainer->get_extension("mine").default_priority(), kPriorityWriter);
  t.trainer->run();
  EXPECT_THAT(called, ElementsAre("initialize", "call", "finalize"));

  Training u({3, "iteration"});
  called.clear();
  u.trainer->extend(make_extension(
      [](Trainer&) { throw std::runtime_error("broken"); },
      {.default_name = "mine", .finalizer = note("finalize"), .on_error = note("error")}));
  EXPECT_THROW(u.trainer->run(), std::runtime_error);
  EXPECT_THAT(called, ElementsAre("error", "finalize"));
  EXPECT_EQ(message_of<Error>([] { make_extension(nullptr); }),
            "make_extension: a function must be given, but it is none");
}

TEST(GetTrigger, TakesWhatATriggerIsMadeOf) {
  EXPECT_FALSE(get_trigger({}));
  const auto length = get_trigger({3, "epoch"}).get_training_length();
  ASSERT_TRUE(length);
  EXPECT_EQ(length->period, 3);
}

}  // namespace
}  // namespace nn::training::extensions
