// PlotReport and VariableStatisticsPlot: which data are drawn, and that they survive a resume.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "autograd/base/none.h"
#include "autograd/base/random.h"
#include "nn/files/npz.h"
#include "nn/serializers/save_load.h"
#include "nn/training/extensions/evaluator.h"
#include "nn/training/extensions/plot_report.h"
#include "nn/training/extensions/snapshot.h"
#include "nn/training/extensions/variable_statistics_plot.h"
#include "tests/message.h"
#include "tests/nn/training/extensions/model.h"
#include "tests/path.h"

namespace nn::training::extensions {
namespace {

using autograd::Array;
using testing::ElementsAre;
using testing::Pair;
using testing::StartsWith;
namespace fs = std::filesystem;

std::string contents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::pair<double, double>> points(const PlotReport& report, const char* key) {
  std::vector<std::pair<double, double>> result;
  for (const auto& [x, y] : report.data().at(key)) result.emplace_back(x, y);
  return result;
}

// The losses of a batch are the means of 1, 2; 3, 4; 5, 1; ..., for the weight is 1 and stays.
TEST(PlotReport, DrawsTheMeansOfEachInterval) {
  Training t({2, "epoch"});
  t.trainer->extend(Evaluator(t.once, t.model));
  std::vector<plot::Figure> figures;
  const PlotReport& report = t.trainer->extend(PlotReport(
      {"main/loss", "validation/main/loss", "never"}, "epoch",
      {.postprocess = [&](plot::Figure& figure, plot::Panel& axes, const DictSummary& summary) {
        axes.title = "losses";
        EXPECT_EQ(summary.compute_mean().size(), 2u);
        figures.push_back(figure);
      }}));
  t.trainer->run();
  EXPECT_THAT(points(report, "main/loss"), ElementsAre(Pair(1, 8. / 3), Pair(2, 3.5)));
  EXPECT_THAT(points(report, "validation/main/loss"),
              ElementsAre(Pair(1, 10. / 3), Pair(2, 10. / 3)));
  EXPECT_TRUE(report.data().at("never").empty());
  EXPECT_THAT(contents_of(t.out + "/plot.png"), StartsWith("\x89PNG"));

  ASSERT_EQ(figures.size(), 2u);
  const plot::Panel& axes = figures[1].panels.at(0);
  EXPECT_EQ(axes.title, "losses");
  EXPECT_EQ(axes.x_label, "epoch");
  EXPECT_TRUE(axes.grid);
  ASSERT_EQ(axes.series.size(), 2u) << "no curve without a value";
  EXPECT_EQ(axes.series[0].name, "main/loss");
  EXPECT_EQ(axes.series[0].marker, "x");
  EXPECT_EQ(axes.series[0].x, (std::vector<double>{1, 2}));
  EXPECT_EQ(axes.series[0].y, (std::vector<double>{8. / 3, 3.5}));
}

TEST(PlotReport, HasItsOwnTriggerNameAndAxis) {
  Training t({4, "iteration"});
  const PlotReport& report = t.trainer->extend(PlotReport({"main/loss"}, "iteration",
                                                          {.trigger = {2, "iteration"},
                                                           .filename = "loss.png",
                                                           .marker = autograd::None,
                                                           .grid = false}));
  EXPECT_EQ(report.name(), "PlotReport");
  t.trainer->run();
  EXPECT_THAT(points(report, "main/loss"), ElementsAre(Pair(2, 2.5), Pair(4, 2.75)));
  EXPECT_TRUE(fs::exists(t.out + "/loss.png"));
  EXPECT_FALSE(fs::exists(t.out + "/plot.png"));
}

TEST(PlotReport, WritesNothingBeforeThereIsAValue) {
  Training t({1, "epoch"});
  t.trainer->extend(PlotReport({"never"}));
  t.trainer->run();
  EXPECT_FALSE(fs::exists(t.out + "/plot.png"));
}

TEST(PlotReport, SaysWhatItMisses) {
  EXPECT_EQ(message_of([] { PlotReport({"main/loss"}, "epoch", {.marker = "?"}); }),
            "plot: a marker must be one of . o x + * s ^ v D or empty, but that of 'PlotReport' is "
            "'?'");
  Training t({1, "epoch"});
  t.trainer->extend(PlotReport({"main/loss"}, "elapsed_time"));
  EXPECT_EQ(message_of([&] { t.trainer->run(); }),
            "PlotReport: x_key must be epoch, iteration or one of y_keys that is reported, but "
            "elapsed_time is not");
}

// The training goes on, says so once, and collects what a machine with gnuplot would draw.
TEST(PlotReport, GoesOnWithoutGnuplot) {
  Training t({3, "epoch"});
  std::FILE* said = std::tmpfile();
  const PlotReport& report =
      t.trainer->extend(PlotReport({"main/loss"}, "epoch", {.warnings = said}));
  VariableStatisticsPlot& statistics =
      t.trainer->extend(VariableStatisticsPlot(t.model, {.warnings = nullptr}));
  {
    const Path nowhere("/no/such/folder");
    EXPECT_FALSE(PlotReport::available());
    t.trainer->run();
  }
  EXPECT_TRUE(PlotReport::available());
  EXPECT_EQ(points(report, "main/loss").size(), 3u);
  EXPECT_EQ(statistics.samples().size(), 8u);
  EXPECT_FALSE(fs::exists(t.out + "/plot.png"));
  std::rewind(said);
  char line[400];
  ASSERT_NE(std::fgets(line, sizeof line, said), nullptr);
  EXPECT_EQ(std::string(line),
            "PlotReport: plot.png is not written: plot: gnuplot must be installed to draw curves, "
            "but it is not: sudo apt install gnuplot-nox\n");
  EXPECT_EQ(std::fgets(line, sizeof line, said), nullptr) << "said twice";
  std::fclose(said);
}

TEST(PlotReport, IsSavedAsChainersAndGoesOnWithinAnInterval) {
  const auto plot = [] {
    return PlotReport({"main/loss"}, "iteration", {.trigger = {3, "iteration"}});
  };
  Training whole({6, "iteration"});
  const PlotReport& expected = whole.trainer->extend(plot());
  whole.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
  whole.trainer->run();
  ASSERT_EQ(expected.data().at("main/loss").size(), 2u);

  // As Chainer writes it: json.dumps of a dictionary of lists of points.
  const NpzReader file(whole.out + "/snapshot_iter_4");
  EXPECT_EQ(std::get<std::string>(file.entry("extensions/PlotReport/_plot_plot.png")),
            "{\"main/loss\": [[3, 2.6666666666666665]]}");

  for (const int at : {2, 3, 4}) {
    Training resumed({6, "iteration"});
    const PlotReport& report = resumed.trainer->extend(plot());
    resumed.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
    serializers::load_npz(whole.out + "/snapshot_iter_" + std::to_string(at), *resumed.trainer);
    resumed.trainer->run();
    EXPECT_EQ(points(report, "main/loss"), points(expected, "main/loss")) << at;
  }
}

// What Chainer saves is the curves alone.
TEST(PlotReport, LoadsChainersSnapshot) {
  const Folder folder;
  {
    NpzWriter writer(folder / "plot.npz");
    writer.write_text("_plot_plot.png", "{\"main/loss\": [[1, 0.5], [2, NaN]], \"x\": []}");
    writer.close();
  }
  PlotReport report({"main/loss"});
  serializers::load_npz(folder / "plot.npz", [&](Serializer& s) { report.serialize(s); });
  const auto loaded = points(report, "main/loss");
  ASSERT_EQ(loaded.size(), 2u);
  EXPECT_EQ(loaded[0], std::pair(1., .5));
  EXPECT_TRUE(std::isnan(loaded[1].second));
}

// A variable and a gradient of known percentiles.
TEST(VariableStatisticsPlot, CollectsWhatNumPyComputes) {
  Training t({1, "iteration"});
  Variable v(Array::of<float>({4, 1, 3, 2, 10}));
  v.set_grad(Array::of<float>({0, 0, 0, 0, 5}));
  VariableStatisticsPlot& plot =
      t.trainer->extend(VariableStatisticsPlot(v, {.percentile_sigmas = {0, 10, 50, 75, 100}}));
  t.trainer->run();
  ASSERT_EQ(plot.samples().size(), 1u);
  EXPECT_EQ(plot.samples()[0].iteration, 1);
  // numpy.mean, std and percentile of the five values.
  EXPECT_THAT(
      plot.samples()[0].statistics,
      testing::Pointwise(testing::FloatEq(), {4.f, 3.1622777f, 1.f, 1.4f, 3.f, 4.f, 10.f,  //
                                              1.f, 2.f, 0.f, 0.f, 0.f, 0.f, 5.f}));
  EXPECT_FALSE(fs::exists(t.out + "/statistics.png"));  // drawn each epoch
}

TEST(VariableStatisticsPlot, DrawsEachEpochWhatIsAskedFor) {
  Training t({2, "epoch"}, 0.01);
  VariableStatisticsPlot& both = t.trainer->extend(VariableStatisticsPlot(t.model));
  t.trainer->extend(
      VariableStatisticsPlot({t.model.l, t.model.l.W}, {.report_grad = false,
                                                        .plot_std = false,
                                                        .percentile_sigmas = {},
                                                        .filename = "data.png",
                                                        .figsize = std::pair(4.0, 3.0)}),
      {.name = "data"});
  t.trainer->run();
  EXPECT_EQ(both.samples().size(), 5u);
  EXPECT_EQ(both.samples()[0].statistics.size(), 2u * (2 + 9));
  const auto size = [&](const char* name) {
    const std::string png = contents_of(t.out + "/" + name);
    EXPECT_THAT(png, StartsWith("\x89PNG"));
    const auto two = [&](std::size_t at) {
      return 256 * static_cast<unsigned char>(png[at]) + static_cast<unsigned char>(png[at + 1]);
    };
    return std::pair(two(18), two(22));
  };
  EXPECT_EQ(size("statistics.png"), std::pair(2 * 520, 2 * 390));
  EXPECT_EQ(size("data.png"), std::pair(400, 300));
}

// Chainer's Reservoir with numpy.random.seed(0) and size 3, ten numbers added: which ones remain.
TEST(VariableStatisticsPlot, SamplesAsChainersReservoir) {
  Training t({10, "iteration"});
  VariableStatisticsPlot& plot =
      t.trainer->extend(VariableStatisticsPlot(t.model, {.max_sample_size = 3}));
  autograd::random::seed(0);
  t.trainer->run();
  autograd::random::seed(0);
  auto& random = autograd::random::generator();
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 10; ++i) {
    if (i < 3)
      expected.push_back(i + 1);
    else if (random.rand() < 3 / (i + 1.0))
      expected[std::size_t(random.randint(0, 3))] = i + 1;
  }
  std::sort(expected.begin(), expected.end());
  std::vector<std::int64_t> got;
  for (const auto& sample : plot.samples()) got.push_back(sample.iteration);
  EXPECT_EQ(got, expected);
}

// The sample, and the random numbers that it draws, are part of a snapshot.
TEST(VariableStatisticsPlot, GoesOnAsIfItHadNotStopped) {
  const VariableStatisticsPlotOptions options{.max_sample_size = 3};
  Training whole({9, "iteration"}, 0.01);
  VariableStatisticsPlot& expected =
      whole.trainer->extend(VariableStatisticsPlot(whole.model, options));
  whole.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
  whole.trainer->run();
  const double next = autograd::random::generator().rand();
  for (const int at : {1, 3, 6}) {
    Training resumed({9, "iteration"}, 0.01);
    VariableStatisticsPlot& plot =
        resumed.trainer->extend(VariableStatisticsPlot(resumed.model, options));
    resumed.trainer->extend(snapshot(), {.trigger = {1, "iteration"}});
    serializers::load_npz(whole.out + "/snapshot_iter_" + std::to_string(at), *resumed.trainer);
    resumed.trainer->run();
    ASSERT_EQ(plot.samples().size(), expected.samples().size());
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(plot.samples()[i].iteration, expected.samples()[i].iteration) << at;
      EXPECT_EQ(plot.samples()[i].statistics, expected.samples()[i].statistics) << at;
    }
    EXPECT_EQ(autograd::random::generator().rand(), next) << at;
  }
}

TEST(VariableStatisticsPlot, RefusesASampleOfAnotherForm) {
  Training t({2, "iteration"});
  VariableStatisticsPlot plot(t.model);
  t.trainer->extend(plot);
  t.trainer->run();
  const Folder folder;
  serializers::save_npz(folder / "s.npz",
                        serializers::save([&](Serializer& s) { plot.serialize(s); }));
  VariableStatisticsPlot other(t.model, {.plot_std = false});
  EXPECT_EQ(message_of([&] {
              serializers::load_npz(folder / "s.npz", [&](Serializer& s) { other.serialize(s); });
            }),
            "npz: _samples/data in " + (folder / "s.npz") +
                " must be float32(2, 20) of 2 iterations, but it is float32(2, 22)");
  EXPECT_TRUE(other.samples().empty());
}

TEST(VariableStatisticsPlot, SaysWhatItCannotPlot) {
  const Variable v(Array::of<float>({1}));
  const auto refusal = [&](const VariableStatisticsPlotOptions& options) {
    return message_of([&] { VariableStatisticsPlot(v, options); });
  };
  EXPECT_EQ(message_of([] { VariableStatisticsPlot(VariableStatisticsPlot::Targets({})); }),
            "VariableStatisticsPlot: there must be a variable to collect statistics of, but there "
            "is none");
  EXPECT_EQ(refusal({.plot_mean = false, .plot_std = false, .percentile_sigmas = {}}),
            "VariableStatisticsPlot: at least one plot must be enabled, but the options disable "
            "all of them");
  EXPECT_EQ(refusal({.percentile_sigmas = {50, 100.5}}),
            "VariableStatisticsPlot: percentile_sigmas must lie in 0..100, but they are 50, 100.5");
  EXPECT_EQ(
      refusal({.figsize = std::pair(NAN, 3.0)}),
      "VariableStatisticsPlot: figsize must be positive and at most 300 inches, but it is nan x "
      "3");
  EXPECT_EQ(refusal({.max_sample_size = 0}),
            "VariableStatisticsPlot: max_sample_size must be at least 1, but it is 0");
}

// NaN has no order: it is no value of a percentile, and its gap is drawn.
TEST(VariableStatisticsPlot, DrawsAroundNaN) {
  Training t({2, "epoch"});
  const Variable v(Array::of<float>({1, NAN, 3}));
  VariableStatisticsPlot& plot = t.trainer->extend(VariableStatisticsPlot(v));
  t.trainer->run();
  EXPECT_TRUE(std::isnan(plot.samples()[0].statistics[2]));
  EXPECT_THAT(contents_of(t.out + "/statistics.png"), StartsWith("\x89PNG"));
}

}  // namespace
}  // namespace nn::training::extensions
