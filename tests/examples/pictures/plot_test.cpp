#include "examples/pictures/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "autograd/base/error.h"
#include "tests/examples/pictures/read_png.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace pictures {
namespace {

using autograd::Error;
using Values = std::vector<double>;

Plot plot_of(std::vector<double> x, std::vector<double> y) {
  Plot plot;
  plot.series = {{.name = "", .x = std::move(x), .y = std::move(y), .markers = Markers::never}};
  return plot;
}

TEST(Plot, RefusesSeriesThatDoNotFit) {
  const Folder folder;
  Plot plot = plot_of({1, 2}, {1});
  plot.series[0].name = "training";
  EXPECT_EQ(
      message_of<Error>([&] { write_plot(folder / "plot.png", plot); }),
      "write_plot: a series must have as many x as y and a color in -1..7, but 'training' has "
      "2, 1 and -1");
  EXPECT_EQ(message_of<Error>([&] { write_plot(folder / "plot.png", Figure{}); }),
            "write_plot: a figure must have plots and columns, but it has 0 and 3");
  plot = plot_of({1}, {1});
  plot.series[0].color = 8;
  EXPECT_THROW(write_plot(folder / "plot.png", plot), Error);
  plot.series[0].markers = Markers::cloud;
  plot.series[0].color = 10;
  EXPECT_EQ(message_of<Error>([&] { write_plot(folder / "plot.png", plot); }),
            "write_plot: a series must have as many x as y and a color in -1..9, but '' has 1, 1 "
            "and 10");
  EXPECT_EQ(folder.number_of_files(), 0u);
}

TEST(Plot, WritesAFileWhereItCan) {
  const Folder folder;
  EXPECT_EQ(write_plot(folder / "plot.png", plot_of({1, 2}, {3, 4})), can_plot());
  EXPECT_EQ(folder.number_of_files(), can_plot() ? 1u : 0u);
}

#ifdef CHAINETTE_HAVE_CAIRO

Image drawn(const Folder& folder, const Figure& figure) {
  write_plot(folder / "plot.png", figure);
  return read_png(folder / "plot.png");
}

Image drawn(const Folder& folder, const Plot& plot) {
  Figure figure;
  figure.plots = {plot};
  return drawn(folder, figure);
}

// Which columns hold a pixel of the first curve's blue.
std::vector<bool> blue_columns(const Image& image) {
  std::vector<bool> columns(std::size_t(image.width), false);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const auto* p = &image.pixels[i];
    const bool blue = p[0] < 8 && std::abs(p[1] - 114) < 8 && std::abs(p[2] - 178) < 8;
    if (blue) columns[i / 3 % std::size_t(image.width)] = true;
  }
  return columns;
}

// The lengths of the runs of columns without blue between the first and the last with it.
std::vector<int> gaps(const std::vector<bool>& columns) {
  std::vector<int> result;
  int run = -1;
  for (const bool blue : columns) {
    if (blue && run > 0) result.push_back(run);
    if (blue) run = 0;
    if (!blue && run >= 0) ++run;
  }
  return result;
}

TEST(Plot, PointThatIsNotANumberLeavesAGapAndANote) {
  const Folder folder;
  const Image whole = drawn(folder, plot_of({0, 1, 2, 3, 4, 5, 6}, {1, 1, 2, 2, 2, 1, 1}));
  EXPECT_TRUE(gaps(blue_columns(whole)).empty());
  for (const double bad : Values{NAN, INFINITY, -INFINITY, 1e300}) {
    const Image broken = drawn(folder, plot_of({0, 1, 2, 3, 4, 5, 6}, {1, 1, 2, bad, 2, 1, 1}));
    const std::vector<int> gap = gaps(blue_columns(broken));
    ASSERT_EQ(gap.size(), 1u);
    EXPECT_NEAR(gap[0], 2 * 2 * 340 / 6.36, 12);  // two steps, at two pixels a point
    EXPECT_EQ(broken.width, whole.width);
    EXPECT_GT(broken.height, whole.height + 15) << "no room for the note";
  }
}

TEST(Plot, LogarithmicAxisLeavesOutWhatIsNotPositive) {
  const Folder folder;
  Plot plot = plot_of({0, 1, 2, 3, 4}, {1, 10, 0, 100, 1000});
  plot.log_y = true;
  EXPECT_EQ(gaps(blue_columns(drawn(folder, plot))).size(), 1u);
}

TEST(Plot, PointAloneIsSeen) {
  const Folder folder;
  for (const Plot& plot : {plot_of({1}, {107.58}), plot_of({1, 2, 3}, {NAN, 2, NAN})}) {
    const std::vector<bool> columns = blue_columns(drawn(folder, plot));
    const auto blue = std::count(columns.begin(), columns.end(), true);
    EXPECT_GE(blue, 6);
    EXPECT_LE(blue, 14);
  }
}

TEST(Plot, DrawsWhateverItIsGiven) {
  const Folder folder;
  const std::vector<Plot> plots{plot_of({}, {}),
                                plot_of({NAN}, {NAN}),
                                plot_of({1, 2}, {0, 0}),
                                plot_of({1e200, -1e250}, {1e-300, -1e250}),
                                plot_of({0, 5e-324}, {1, 1 + 1e-15}),
                                Plot{}};
  for (const bool log : {false, true}) {
    Figure figure;
    figure.plots = plots;
    for (Plot& plot : figure.plots) plot.log_x = plot.log_y = log;
    figure.columns = 2;
    EXPECT_NO_THROW(drawn(folder, figure));
  }
}

// Long words make the picture larger instead of being cut off: its border stays white.
TEST(Plot, NothingTouchesTheBorder) {
  const Folder folder;
  const std::string word(60, 'W');
  Plot plot = plot_of({1, 1000000}, {-1e9, 1});
  plot.series[0].name = "a series with a name that is rather long, as names of files are";
  plot.title = word;
  plot.x_label = word + " " + word;
  plot.y_label = word;
  plot.horizontal = {{0, "published"}};
  plot.vertical = {{5, "here"}};
  Figure figure;
  figure.title = word + word;
  figure.scale = 1;
  figure.plots = {plot, plot, plot_of({1}, {NAN})};
  for (const int columns : {1, 2, 3}) {
    figure.columns = columns;
    const Image image = drawn(folder, figure);
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        if (x > 2 && y > 2 && x < image.width - 3 && y < image.height - 3) continue;
        const auto at = 3 * (std::size_t(y) * std::size_t(image.width) + std::size_t(x));
        ASSERT_EQ(image.pixels[at], 255) << x << ", " << y << " of " << image.width;
      }
    }
  }
}

// How many pixels are about red: 1, green: 2 or blue: 4 or their sum, strongly enough.
int pixels_like(const Image& image, int which) {
  int count = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const auto* p = &image.pixels[i];
    const int dark = std::min({p[0], p[1], p[2]}), light = std::max({p[0], p[1], p[2]});
    if (light - dark < 80) continue;
    const int middle = (dark + light) / 2;
    count += ((p[0] > middle) | (p[1] > middle) << 1 | (p[2] > middle) << 2) == which;
  }
  return count;
}

Plot cloud_of(std::vector<double> x, std::vector<double> y, int color) {
  Plot plot = plot_of(std::move(x), std::move(y));
  plot.series[0].markers = Markers::cloud;
  plot.series[0].color = color;
  return plot;
}

TEST(Plot, DotsOfACloudHaveNoLineBetweenThem) {
  const Folder folder;
  constexpr int kRed = 3;  // in the clouds' palette
  const Image image = drawn(folder, cloud_of({0, 1}, {0, 1}, kRed));
  const int red = pixels_like(image, 1);
  EXPECT_GT(red, 2 * 50);  // two discs of five points across, at two pixels a point
  EXPECT_LT(red, 2 * 120);
}

// Of two clouds at the same places neither covers the other: their dots take turns.
TEST(Plot, CloudsLieAmongEachOther) {
  const Folder folder;
  constexpr int kGreen = 2, kRed = 3;
  std::vector<double> x, y;
  for (int i = 0; i < 3000; ++i) {
    x.push_back(i * 7 % 101);
    y.push_back(i * 11 % 103);
  }
  Plot plot = cloud_of(x, y, kGreen);
  std::reverse(x.begin(), x.end());  // the same places in another order
  std::reverse(y.begin(), y.end());
  plot.series.push_back(cloud_of(x, y, kRed).series[0]);
  const Image image = drawn(folder, plot);
  EXPECT_GT(pixels_like(image, 1), 2000);
  EXPECT_GT(pixels_like(image, 2), 2000);
}

TEST(Plot, OneRangeMakesBothAxesAlike) {
  const Folder folder;
  Plot plot = cloud_of({0, 10}, {0, 1}, 3);
  const auto height_of_red = [&] {
    const Image image = drawn(folder, plot);
    int top = image.height, bottom = 0;
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
      if (image.pixels[i] < 180 || image.pixels[i + 1] > 120) continue;
      const int y = int(i / 3) / image.width;
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
    return bottom - top;
  };
  const int apart = height_of_red();
  plot.one_range = true;
  EXPECT_NEAR(height_of_red(), apart / 10., 12);
}

// One word at the place of another would be a blot; moved apart, both take as much ink as alone.
TEST(Plot, WordsDoNotCoverEachOther) {
  const Folder folder;
  const auto ink = [&](const std::vector<Words>& words) {
    Plot plot;
    plot.words = words;
    const Image image = drawn(folder, plot);
    return pixels_like(image, 1);
  };
  const int one = ink({{0, 0, "8", 3}});
  EXPECT_GT(one, 20);
  EXPECT_NEAR(ink({{0, 0, "8", 3}, {0, 0, "8", 3}, {0, 0, "8", 3}}), 3 * one, one / 2.);
  EXPECT_EQ(ink({{NAN, 0, "8", 3}}), 0);
}

TEST(Plot, TextMustBeUtf8) {
  const Folder folder;
  Plot plot = plot_of({1}, {1});
  plot.title = "\xff";
  EXPECT_EQ(message_of<Error>([&] { write_plot(folder / "plot.png", plot); }),
            "canvas: cairo must be able to draw what is asked, but says 'input string not valid "
            "UTF-8'");
  EXPECT_EQ(folder.number_of_files(), 0u);
}

TEST(Plot, TooLargeAFigureIsRefused) {
  const Folder folder;
  Figure figure;
  figure.plots = {Plot{}};
  figure.scale = 200;
  EXPECT_THAT(message_of<Error>([&] { write_plot(folder / "plot.png", figure); }),
              testing::StartsWith("canvas: a side must have 1 to 32767 pixels, but they are "));
}

#endif

}  // namespace
}  // namespace pictures
