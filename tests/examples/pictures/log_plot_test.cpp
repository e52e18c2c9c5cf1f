#include "examples/pictures/log_plot.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "tests/examples/pictures/read_png.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace pictures {
namespace {

using autograd::Error;
using Values = std::vector<double>;

TEST(LogPlot, GroupsQuantitiesIntoPanels) {
  const Folder folder;
  const std::string log = folder.write("log", R"([
    {"main/rec_loss": 5.5, "main/loss": 6, "validation/main/loss": 7,
     "validation/main/rec_loss": 6.5, "epoch": 1, "iteration": 600, "elapsed_time": 1.5},
    {"main/rec_loss": -3, "main/loss": 4, "validation/main/loss": 5,
     "epoch": 2, "iteration": 1200, "elapsed_time": 3}])");
  const nn::plot::Figure figure = log_figure(log);
  ASSERT_EQ(figure.panels.size(), 2u);

  const nn::plot::Panel& loss = figure.panels[0];
  EXPECT_EQ(loss.title, "loss");
  EXPECT_EQ(loss.x_label, "epoch");
  ASSERT_EQ(loss.series.size(), 2u);
  EXPECT_EQ(loss.series[0].name, "training");
  EXPECT_EQ(loss.series[0].x, (Values{1, 2}));
  EXPECT_EQ(loss.series[0].y, (Values{6, 4}));
  EXPECT_EQ(loss.series[1].name, "validation");
  EXPECT_EQ(loss.series[1].y, (Values{7, 5}));

  const nn::plot::Panel& rec_loss = figure.panels[1];
  EXPECT_EQ(rec_loss.title, "rec_loss");
  ASSERT_EQ(rec_loss.series.size(), 2u);
  EXPECT_EQ(rec_loss.series[0].y, (Values{5.5, -3}));
  EXPECT_EQ(rec_loss.series[1].x, Values{1}) << "an entry without the key is passed over";
  EXPECT_EQ(rec_loss.series[1].y, Values{6.5});
}

TEST(LogPlot, SeveralEntriesInAnEpochStandAtTheirIteration) {
  const Folder folder;
  const nn::plot::Figure figure = log_figure(folder.write("log", R"([
    {"main/loss": 3, "epoch": 0, "iteration": 1}, {"main/loss": 2, "epoch": 0, "iteration": 2}])"));
  EXPECT_EQ(figure.panels.at(0).x_label, "iteration");
  EXPECT_EQ(figure.panels[0].series.size(), 1u) << "no curve without a value";
  EXPECT_EQ(figure.panels[0].series[0].x, (Values{1, 2}));
}

TEST(LogPlot, DivergedRunHasGaps) {
  const Folder folder;
  const nn::plot::Figure figure = log_figure(folder.write("log", R"([
    {"main/loss": NaN, "epoch": 1}, {"main/loss": -Infinity, "epoch": 2},
    {"main/loss": null, "epoch": 3}, {"main/loss": 4, "epoch": 4, "note \" NaN": 1}])"));
  const Values& y = figure.panels.at(0).series.at(0).y;
  ASSERT_EQ(y.size(), 4u);
  for (const int i : {0, 1, 2}) EXPECT_FALSE(std::isfinite(y[std::size_t(i)])) << i;
  EXPECT_EQ(y[3], 4);
}

constexpr int kBlue[3] = {0x00, 0x72, 0xb2};  // of the first series

// The rows of the picture in which a column of pixels is blue, from the first to the last.
std::pair<int, int> blue_in(const Image& image, int x) {
  std::pair<int, int> rows{-1, -1};
  for (int y = 0; y < image.height; ++y) {
    const auto at = std::size_t(y * image.width + x) * 3;
    bool blue = true;
    for (std::size_t c = 0; c < 3; ++c)
      blue = blue && std::abs(image.pixels[at + c] - kBlue[c]) < 30;
    if (!blue) continue;
    if (rows.first < 0) rows.first = y;
    rows.second = y;
  }
  return rows;
}

// The loss falls evenly from 31 to 1, except in the epochs 11 to 20, where it is NaN.
TEST(LogPlot, DrawsWhatTheLogSays) {
  const Folder folder;
  std::string log;
  for (int epoch = 1; epoch <= 31; ++epoch)
    log += fmt::format("{} {{\"main/loss\": {}, \"epoch\": {}}}", log.empty() ? "[" : ",",
                       epoch > 10 && epoch <= 20 ? "NaN" : std::to_string(32 - epoch), epoch);
  plot_log(folder.write("log", log + "]"), folder / "loss.png");
  EXPECT_EQ(folder.number_of_files(), 2u);
  const Image image = read_png(folder / "loss.png");
  ASSERT_EQ(image.width, 640);
  ASSERT_EQ(image.height, 480);

  // Columns with a piece of the curve, which lies above the legend and its blue line.
  int first = -1, last = -1, gap = 0, low = -1;
  for (int x = 0; x < image.width; ++x) {
    const auto [top, bottom] = blue_in(image, x);
    const bool curve = top >= 0 && top < 360;
    if (!curve) {
      if (first >= 0) ++gap;
      continue;
    }
    if (first < 0) first = x;
    EXPECT_GE(top, low - 1) << "the curve rises at " << x;
    low = top;
    last = x;
  }
  gap -= image.width - 1 - last;
  ASSERT_GT(last - first, 400);
  // From epoch 10 to 21 there are 11 of 30 epochs.
  EXPECT_NEAR(gap, (last - first) * 11 / 30, 12);
}

TEST(LogPlot, DamagedLogsAreNamed) {
  const Folder folder;
  const std::string missing = folder / "missing";
  EXPECT_EQ(message_of<Error>([&] { log_figure(missing); }),
            "plot_log: " + missing + " must be readable, but: No such file or directory");
  EXPECT_EQ(message_of<Error>([&] { log_figure(folder / "."); }),
            "plot_log: " + folder / "." + " must be readable, but: Is a directory");
  const std::string log = folder / "log";
  for (const char* text : {"", "[{\"main/loss\": 1", "{]", "\"\\", "{}", "null"}) {
    folder.write("log", text);
    EXPECT_THAT(
        message_of<Error>([&] { log_figure(log); }),
        testing::StartsWith("plot_log: " + log + ": the text must be a JSON array, but it begins"));
  }
  folder.write("log", "[1, 2]");
  EXPECT_EQ(message_of<Error>([&] { log_figure(log); }),
            "plot_log: " + log + ": rows must be JSON objects, but one is 1");
  for (const char* text : {"[]", "[{\"epoch\": 1, \"lr\": 0.1}]"}) {
    folder.write("log", text);
    EXPECT_EQ(message_of<Error>([&] { log_figure(log); }),
              "plot_log: the log must report a value under main/ or validation/main/, but " + log +
                  " reports none");
  }
}

}  // namespace
}  // namespace pictures
