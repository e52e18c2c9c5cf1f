#include "nn/plot/plot.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "nn/files/run_program.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/path.h"

namespace nn::plot {
namespace {

using autograd::Error;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Width and height in the head of a PNG.
std::pair<int, int> size_of(const std::string& png) {
  EXPECT_THAT(png, StartsWith("\x89PNG\r\n\x1a\n"));
  const auto number = [&](std::size_t at) {
    int value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value * 256 + static_cast<unsigned char>(png.at(at + i));
    return value;
  };
  return {number(16), number(20)};
}

Figure of(const std::vector<Series>& series) { return {.panels = {{.series = series}}}; }

Figure of(std::vector<double> x, std::vector<double> y) {
  return of({Series{.x = std::move(x), .y = std::move(y)}});
}

// What gnuplot prints for the command, after the texts of the script.
std::string printed(const std::string& script) {
  const Program gnuplot{{"gnuplot", "--default-settings"}, "test", "gnuplot-nox"};
  return run_program(gnuplot, "set print '-'\n" + script, "test");
}

TEST(Plot, IsAPngOfTheSizeAskedFor) {
  ASSERT_TRUE(available());
  Figure figure = of({1, 2, 3}, {3, 1, 2});
  figure.width = 321;
  figure.height = 234;
  EXPECT_EQ(size_of(draw(figure)), std::pair(321, 234));
  figure.panels.assign(5, figure.panels[0]);
  EXPECT_EQ(size_of(draw(figure)), std::pair(3 * 321, 2 * 234));
  figure.columns = 9;
  EXPECT_EQ(size_of(draw(figure)), std::pair(5 * 321, 234));
  EXPECT_EQ(size_of(draw(Page{.width = 50, .height = 40})), std::pair(50, 40));
}

TEST(Plot, DrawsEveryPointThatTheAxesCanShow) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const std::vector<double> y{1, NAN, -2, kInf, 0, 1e300, .5};
  Figure figure = of({1, 2, 3, 4, 5, 6, 7}, y);
  EXPECT_THAT(script(figure), HasSubstr("$s0 << END\n1 1 NaN NaN\n2 NaN NaN NaN\n3 -2 NaN NaN\n"
                                        "4 NaN NaN NaN\n5 0 NaN NaN\n6 NaN NaN NaN\n"
                                        "7 0.5 NaN NaN\nEND\n"));
  EXPECT_THAT(script(figure), HasSubstr("Not drawn: 3 points (outside the range of the axes)"));
  EXPECT_THAT(script(of({1, 2}, {kInf, 1})), HasSubstr("Not drawn: 1 point (NaN or infinite)"));
  figure.panels[0].log_y = true;
  figure.panels[0].series[0].name = "loss";
  EXPECT_THAT(script(figure), HasSubstr("3 NaN NaN NaN\n"));
  EXPECT_THAT(script(figure), HasSubstr("5 NaN NaN NaN\n"));
  EXPECT_THAT(script(figure), HasSubstr("set logscale y\n"));
  EXPECT_THAT(script(figure),
              HasSubstr("Not drawn: 5 points of loss (outside the range of the axes)"));
  draw(figure);
}

TEST(Plot, GivesEachSeriesItsLook) {
  const std::string text = script(of({{.name = "a", .x = {1}, .y = {1}, .marker = "x"},
                                      {.x = {1}, .y = {1}, .line = Line::dashed},
                                      {.x = {1}, .y = {1}, .line = Line::none, .marker = "o"},
                                      {.x = {1}, .low = {0}, .high = {2}, .color = 0}}));
  EXPECT_THAT(text, HasSubstr("$s0 using 1:2 with linespoints lc rgb '#0072b2' lw 2 dt 1 pt 2 ps "
                              "0.9 title \"a\" noenhanced"));
  EXPECT_THAT(text, HasSubstr("$s1 using 1:2 with lines lc rgb '#d55e00' lw 2 dt 2 notitle"));
  EXPECT_THAT(text, HasSubstr("$s2 using 1:2 with points lc rgb '#009e73' pt 7 ps 0.8 notitle"));
  EXPECT_THAT(text, HasSubstr("$s3 using 1:3:4 with filledcurves fc rgb '#cc0072b2' notitle"));
}

// Of two clouds, neither covers the other.
TEST(Plot, DrawsThePointsOfCloudsInTurn) {
  const auto cloud = [](const std::string& name, std::vector<double> x) {
    return Series{.name = name, .x = x, .y = x, .line = Line::none, .marker = "."};
  };
  const std::string text = script(of({cloud("a", {1, 2, 3}), cloud("b", {4, NAN})}));
  EXPECT_THAT(text,
              HasSubstr(fmt::format("$clouds << END\n1 1 {0}\n4 4 {1}\n2 2 {0}\n3 3 {0}\nEND\n",
                                    0x0072b2, 0xd55e00)));
  EXPECT_THAT(text, HasSubstr("title \"a\""));
}

// The legend stands outside of the axes, and so does not hide points.
TEST(Plot, HasItsLegendOutside) {
  EXPECT_THAT(script(of(std::vector<Series>(2, {.name = "a"}))),
              HasSubstr("set key outside below"));
  EXPECT_THAT(script(of(std::vector<Series>(9, {.name = "a"}))),
              HasSubstr("set key outside right"));
}

TEST(Plot, DrawsGuidesAcrossTheAxes) {
  Figure figure = of({1, 2}, {1, 2});
  figure.panels[0].vertical = {{.at = 7, .name = "border: 7"}, {.at = NAN}};
  figure.panels[0].horizontal = {{.at = -1}};
  const std::string text = script(figure);
  EXPECT_THAT(text, HasSubstr("set arrow from first 7, graph 0 to first 7, graph 1 nohead"));
  EXPECT_THAT(text, HasSubstr("set arrow from graph 0, first -1 to graph 1, first -1 nohead"));
  EXPECT_THAT(text, HasSubstr("title \"border: 7\""));
  EXPECT_THAT(text, Not(HasSubstr("first nan")));
  draw(figure);
}

// Whatever the values, gnuplot draws them.
TEST(Plot, DrawsEveryRange) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> exponent(-240, 240), mantissa(-1, 1);
  const auto value = [&] { return mantissa(random) * std::pow(10, exponent(random)); };
  Figure figure{.columns = 5, .width = 200, .height = 150};
  const auto add = [&](std::vector<double> x, std::vector<double> y) {
    for (const auto& [log_x, log_y, square] : {std::tuple(false, false, false),
                                               {true, false, false},
                                               {false, true, false},
                                               {true, true, false},
                                               {false, false, true},
                                               {true, true, true}}) {
      Panel panel{.log_x = log_x, .log_y = log_y, .square = square};
      panel.series = {{.x = x, .y = y, .marker = "x", .low = y, .high = y}};
      figure.panels.push_back(panel);
    }
  };
  add({}, {});
  add({NAN}, {1});
  add({1}, {1});
  add({1, 1}, {5, 5});
  add({0, 0}, {0, 0});
  add({1e9, 1e9 + 1}, {1e15, 1e15 + 1});
  add({1e250, -1e250}, {1e-250, 5e-324});
  add({1, 1 + 1e-12}, {-1e-300, 1e-300});
  for (int i = 0; i < 12; ++i) {
    const double x = value();
    add({x, x * (1 + mantissa(random) * 1e-9), x}, {value(), value(), x});
  }
  EXPECT_EQ(size_of(draw(figure)).first, 1000);
}

TEST(Plot, TicksOfEpochsAreWholeNumbers) {
  EXPECT_THAT(script(of({1, 2, 3}, {0, 0, 0})), HasSubstr("set xtics 1\n"));
  EXPECT_THAT(script(of({1, 100}, {0, 1})), HasSubstr("set xtics 20\n"));
  EXPECT_THAT(script(of({0, 1e6}, {0, 1})), HasSubstr("set xtics 200000\n"));
  EXPECT_THAT(script(of({0, .5}, {0, 1})), HasSubstr("set xtics 0.1\n"));
}

// Each byte, beside what might make it dangerous, is what gnuplot has for the text: nothing ends
// the literal, nothing is run, nothing is expanded.
TEST(Plot, TextsAreShownAsTheyAre) {
  const Folder folder;
  std::vector<std::string> texts{"`touch " + (folder / "run") + "`",
                                 "\"; system('touch " + (folder / "run") + "'); \"",
                                 "'; ! touch " + (folder / "run"),
                                 "\n! touch " + (folder / "run") + "\n",
                                 "END\n!touch " + (folder / "run"),
                                 "@macro $0 %s %d \\n \\\\ \\\" {/Bold a} a_1^2 ~ & #",
                                 "border: 0.0123\\",
                                 "Grüße → 日本語"};
  for (int c = 32; c < 127; ++c) texts.push_back(fmt::format("{0}1{0}{0}a{0}", char(c)));
  for (const std::string& text : texts) {
    const std::string all = script(Figure{.panels = {{.title = text}}});
    const std::string begin = "set title ", end = " noenhanced\n";
    const std::size_t at = all.find(begin) + begin.size();
    const std::string literal = all.substr(at, all.find(end, at) - at);
    EXPECT_EQ(literal.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789 .,:;/()=+_-[]\\",
                                        1),
              literal.size() - 1)
        << literal;
    if (text.find(' ') == text.npos) {  // else it may be wrapped
      EXPECT_EQ(printed("print " + literal), text + "\n");
    }
  }
  Figure figure = of({1}, {1});
  for (const std::string& text : texts) {
    figure.title = text;
    Panel& panel = figure.panels[0];
    panel.title = panel.x_label = panel.y_label = panel.series[0].name = text;
    panel.vertical = {{.at = 1, .name = text}};
    if (text.size() > 8) draw(figure);
    if (text.size() > 8) draw(Page{.width = 99, .height = 99, .words = {{.text = text}}});
  }
  EXPECT_EQ(folder.number_of_files(), 0u);
}

TEST(Plot, ShowsWhatIsNoTextByAQuestionMark) {
  const Figure figure{.panels = {{.title = "a\xff\xfe"
                                           "b\x01"
                                           "c"}}};
  // U+FFFD in UTF-8.
  EXPECT_THAT(script(figure), HasSubstr(R"("a\357\277\275\357\277\275b\040c")"));
  draw(figure);
}

TEST(Plot, SaysWhatDoesNotFit) {
  const auto refusal = [](const Figure& figure) {
    return message_of<Error>([&] { script(figure); });
  };
  EXPECT_EQ(refusal({}), "plot: a figure must have panels and columns, but it has 0 and 3");
  EXPECT_EQ(
      refusal(of({{.name = "loss", .x = {1, 2}, .y = {1}}})),
      "plot: a series must have equally many x, y, low and high, but 'loss' has 2, 1, 0 and 0");
  EXPECT_EQ(
      refusal(of({{.name = "loss", .x = {1}, .low = {1}}})),
      "plot: a series must have equally many x, y, low and high, but 'loss' has 1, 0, 1 and 0");
  EXPECT_EQ(refusal(of({{.name = "loss", .marker = "<"}})),
            "plot: a marker must be one of . o x + * s ^ v D or empty, but that of 'loss' is '<'");
  EXPECT_EQ(refusal({.panels = {{.log_y = true, .square = true}}}),
            "plot: a square panel must have both axes logarithmic or none, but only y is");
  Figure large = of({1}, {1});
  large.height = 30001;
  EXPECT_EQ(refusal(large),
            "plot: a picture must have 1 to 30000 pixels per side, but it has 640 x 30001");
  large = of({1}, {1});
  large.panels.assign(100, large.panels[0]);
  large.columns = 100;
  EXPECT_EQ(refusal(large),
            "plot: a picture must have 1 to 30000 pixels per side, but it has 64000 x 480");
}

TEST(Plot, AppearsWholeOrNotAtAll) {
  const Folder folder;
  const Figure figure = of({1, 2}, {1, 2});
  write_figure(folder / "plot.png", figure);
  EXPECT_EQ(folder.number_of_files(), 1u);
  EXPECT_EQ(message_of<Error>([&] { write_figure(folder / "none/plot.png", figure); }),
            "plot: " + (folder / "none/plot.png") +
                " must be writable, but writing failed: No such file or directory");
  const Path nowhere(folder / "");
  EXPECT_FALSE(available());
  EXPECT_EQ(message_of<ProgramError>([&] { write_figure(folder / "other.png", figure); }),
            "plot: gnuplot must be installed to draw curves, but it is not: sudo apt install "
            "gnuplot-nox");
  EXPECT_EQ(folder.number_of_files(), 1u);
  // One that cannot write PNGs.
  folder.write("gnuplot", "#!/bin/sh\necho 'unknown terminal' >&2\nexit 1\n");
  std::filesystem::permissions(folder / "gnuplot", std::filesystem::perms::owner_all);
  EXPECT_FALSE(available());
  EXPECT_EQ(message_of<ProgramError>([&] { write_figure(folder / "other.png", figure); }),
            "plot: gnuplot must succeed, but it ended with status 1: unknown terminal");
  EXPECT_EQ(folder.number_of_files(), 2u);
}

TEST(Plot, WidthsAreRoomEnough) {
  EXPECT_EQ(width_of(""), 0);
  EXPECT_GT(width_of("MMMM"), 4 * 14);
  EXPECT_LT(width_of("iiii"), 4 * 8);
  EXPECT_EQ(width_of("→"), width_of("M"));
}

}  // namespace
}  // namespace nn::plot
