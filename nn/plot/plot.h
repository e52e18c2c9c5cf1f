// Curves, bands and clouds of points as a PNG, drawn by gnuplot: Debian's gnuplot-nox. It is run when
// a picture is drawn; nothing is linked.
#pragma once

#include <string>
#include <string_view>

#include <vector>

namespace nn::plot {

enum class Line { solid, dashed, none };

// A curve through the points (x, y), a band around it, or both. A point that its axes cannot show
// (NaN, infinite, beyond 1e250, not positive on a logarithmic axis) is a gap in the curve, and a
// note below the plot counts such points.
struct Series {
  std::string name = {};  // in the legend; without a name the series has no entry there
  std::vector<double> x = {};
  std::vector<double> y = {};  // as many as x; none: a band alone
  Line line = Line::solid;
  // matplotlib's, one of . o x + * s ^ v D; empty: none. "." without a line makes a cloud.
  std::string marker = {};
  // The band, from low to high, as many as x; none: no band.
  std::vector<double> low = {}, high = {};
  int color =
      -1;  // a place in the palette, which begins again after its end; -1: that of the series
};

// A dotted line across the plot, with a name in the legend.
struct Guide {
  double at = 0;
  std::string name = {};
};

// One pair of axes, whose ranges hold all points and guides. The legend stands outside of the axes.
struct Panel {
  std::string title = {};
  std::string x_label = {};
  std::string y_label = {};
  bool log_x = false;
  bool log_y = false;
  std::vector<Series> series = {};
  std::vector<Guide> vertical = {};    // at an x
  std::vector<Guide> horizontal = {};  // at a y
  bool square =
      false;  // both axes have one range and one length: distances are the same either way
  bool grid = true;
};

// Panels beside and below each other.
struct Figure {
  std::string title = {};
  std::vector<Panel> panels = {};
  int columns = 3;
  int width = 640, height = 480;  // of a panel, in pixels
};

// Text around a point of a page.
struct Words {
  enum class Align { left, center, right };
  std::string text = {};
  double x = 0, y = 0;  // in pixels from the upper left corner; y is the middle of the text
  Align align = Align::center;
  bool upwards = false;  // turned a quarter to the left; `align` is along the text
};
inline constexpr int kLineHeight = 20;  // of words, in pixels
// Room for a line of words, in pixels: in DejaVu Sans, which most systems have, no less than they
// need.
int width_of(std::string_view words);

// A white page with words.
struct Page {
  int width = 0, height = 0;  // in pixels
  std::vector<Words> words = {};
};

// Whether gnuplot is installed and can write a PNG.
bool available();

// What gnuplot is told. Texts stand in it as literals that no character can end or change: they are
// shown as they are, with '?' for what is no UTF-8. Throws Error if a series has not as many x, y, low and
// high, a marker is unknown, one axis of a square is
// logarithmic, there is no panel, or the picture has more than 30,000 pixels a side.
std::string script(const Figure& figure);
std::string script(const Page& page);

// Throws Error if the lengths of a series or its marker are such that script() throws.
void check(const Series& series);

// The bytes of the PNG. Throws as script(), and ProgramError where gnuplot is not installed or fails.
std::string draw(const Figure& figure);
std::string draw(const Page& page);

// Writes the PNG, whole or not at all: write_file().
void write_figure(const std::string& path, const Figure& figure);

}  // namespace nn::plot
