#include "examples/pictures/log_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "autograd/base/error.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace pictures {
namespace {

using autograd::Error;
using Values = std::vector<double>;

TEST(LogPlot, GroupsQuantitiesIntoPlots) {
  const Folder folder;
  const std::string log = folder.write("log", R"([
    {"main/rec_loss": 5.5, "main/loss": 6, "validation/main/loss": 7,
     "validation/main/rec_loss": 6.5, "epoch": 1, "iteration": 600, "elapsed_time": 1.5},
    {"main/rec_loss": -3, "main/loss": 4, "validation/main/loss": 5,
     "epoch": 2, "iteration": 1200, "elapsed_time": 3}])");
  const Figure figure = log_figure(log);
  ASSERT_EQ(figure.plots.size(), 2u);

  const Plot& loss = figure.plots[0];
  EXPECT_EQ(loss.title, "loss");
  EXPECT_EQ(loss.x_label, "epoch");
  ASSERT_EQ(loss.series.size(), 2u);
  EXPECT_EQ(loss.series[0].name, "training");
  EXPECT_EQ(loss.series[0].x, (Values{1, 2}));
  EXPECT_EQ(loss.series[0].y, (Values{6, 4}));
  EXPECT_EQ(loss.series[1].name, "validation");
  EXPECT_EQ(loss.series[1].y, (Values{7, 5}));

  const Plot& rec_loss = figure.plots[1];
  EXPECT_EQ(rec_loss.title, "rec_loss");
  ASSERT_EQ(rec_loss.series.size(), 2u);
  EXPECT_EQ(rec_loss.series[0].y, (Values{5.5, -3}));
  EXPECT_EQ(rec_loss.series[1].x, Values{1}) << "an entry without the key is passed over";
  EXPECT_EQ(rec_loss.series[1].y, Values{6.5});
}

TEST(LogPlot, SeveralEntriesInAnEpochStandAtTheirIteration) {
  const Folder folder;
  const Figure figure = log_figure(folder.write("log", R"([
    {"main/loss": 3, "epoch": 0, "iteration": 1}, {"main/loss": 2, "epoch": 0, "iteration": 2}])"));
  EXPECT_EQ(figure.plots.at(0).x_label, "iteration");
  EXPECT_EQ(figure.plots[0].series.size(), 1u) << "no curve without a value";
  EXPECT_EQ(figure.plots[0].series[0].x, (Values{1, 2}));
}

TEST(LogPlot, BracketsInBracketsAreNoLog) {
  const Folder folder;
  const std::string log =
      folder.write("log", std::string(100'000, '[') + std::string(100'000, ']'));
  EXPECT_EQ(message_of<Error>([&] { log_figure(log); }),
            "plot_log: the log must be a list of objects, but " + log + " is not");
}

TEST(LogPlot, DivergedRunHasGaps) {
  const Folder folder;
  const Figure figure = log_figure(folder.write("log", R"([
    {"main/loss": NaN, "epoch": 1}, {"main/loss": -Infinity, "epoch": 2},
    {"main/loss": null, "epoch": 3}, {"main/loss": 4, "epoch": 4, "note \" NaN": "NaN\\"}])"));
  const Values& y = figure.plots.at(0).series.at(0).y;
  ASSERT_EQ(y.size(), 4u);
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[1]) && std::isnan(y[2]));
  EXPECT_EQ(y[3], 4);
}

TEST(LogPlot, WritesThePicture) {
  const Folder folder;
  const std::string log = folder.write("log", R"([{"main/loss": 3, "epoch": 1}])");
  EXPECT_EQ(plot_log(log, folder / "loss.png"), can_plot());
  EXPECT_EQ(folder.number_of_files(), can_plot() ? 2u : 1u);
}

TEST(LogPlot, DamagedLogsAreNamed) {
  const Folder folder;
  const std::string missing = folder / "missing";
  EXPECT_EQ(message_of<Error>([&] { log_figure(missing); }),
            "plot_log: " + missing + " must be readable, but: No such file or directory");
  EXPECT_EQ(message_of<Error>([&] { log_figure(folder / "."); }),
            "plot_log: " + folder / "." + " must be readable, but: Is a directory");
  const std::string log = folder / "log";
  for (const char* text : {"", "[{\"main/loss\": 1", "{]", "\"\\", "[1e999]"}) {
    folder.write("log", text);
    EXPECT_EQ(message_of<Error>([&] { log_figure(log); }),
              "plot_log: the log must be JSON as LogReport writes it, but " + log + " is not");
  }
  for (const char* text : {"{}", "[1, 2]", "null"}) {
    folder.write("log", text);
    EXPECT_EQ(message_of<Error>([&] { log_figure(log); }),
              "plot_log: the log must be a list of objects, but " + log + " is not");
  }
  for (const char* text : {"[]", "[{\"epoch\": 1, \"lr\": 0.1}]"}) {
    folder.write("log", text);
    EXPECT_EQ(message_of<Error>([&] { log_figure(log); }),
              "plot_log: the log must report a value under main/ or validation/main/, but " + log +
                  " reports none");
  }
}

}  // namespace
}  // namespace pictures
