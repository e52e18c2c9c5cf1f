// Draws curves, bands and clouds of points as a PNG with the program gnuplot (Debian: gnuplot-nox).
// The program is run when a picture is drawn; no library is linked.
#pragma once

#include <string>
#include <string_view>

#include <vector>

namespace nn::plot {

enum class Line { solid, dashed, none };

// A curve through the points (x, y), a band, or both. A point that the axes cannot show (NaN,
// infinite, beyond 1e250, not positive on a logarithmic axis) is a gap in the curve. A note below
// the plot says how many points are not shown.
struct Series {
  std::string name = {};  // the entry in the legend; empty: no entry
  std::vector<double> x = {};
  std::vector<double> y = {};  // one for each x; empty: only a band
  Line line = Line::solid;
  // A marker of matplotlib, one of . o x + * s ^ v D; empty: none. "." without a line makes a
  // cloud.
  std::string marker = {};
  // The band from low to high, with one value for each x; empty: no band.
  std::vector<double> low = {}, high = {};
  // An index into the palette, which repeats after its end; -1: the index of the series.
  int color = -1;
};

// A dotted line across the plot. Its name is its entry in the legend.
struct Guide {
  double at = 0;
  std::string name = {};
};

// One pair of axes. Their ranges contain all points and guides. The legend is outside the axes.
struct Panel {
  std::string title = {};
  std::string x_label = {};
  std::string y_label = {};
  bool log_x = false;
  bool log_y = false;
  std::vector<Series> series = {};
  std::vector<Guide> vertical = {};    // `at` is an x
  std::vector<Guide> horizontal = {};  // `at` is a y
  bool square = false;                 // whether both axes have the same range and length
  bool grid = true;
};

// Panels in rows and columns.
struct Figure {
  std::string title = {};
  std::vector<Panel> panels = {};
  int columns = 3;
  int width = 640, height = 480;  // the size of a panel in pixels
};

// Text at a point of a page.
struct Words {
  enum class Align { left, center, right };
  std::string text = {};
  double x = 0, y = 0;  // in pixels from the upper left corner; y is the middle of the text
  Align align = Align::center;
  bool upwards = false;  // whether the text is turned left by 90 degrees; `align` is along the text
};
inline constexpr int kLineHeight = 20;  // the height of a line of text in pixels
// An upper estimate of the width of a line of text in pixels, for the font DejaVu Sans, which most
// systems have.
int width_of(std::string_view words);

// A white page with texts.
struct Page {
  int width = 0, height = 0;  // in pixels
  std::vector<Words> words = {};
};

// Whether gnuplot is installed and can write a PNG.
bool available();

// The script for gnuplot. Texts are escaped, so that each character is shown unchanged; bytes that
// are not UTF-8 become '?'. Throws Error if the lengths of a series differ, a marker is unknown,
// only one axis of a square panel is logarithmic, there is no panel, or the picture has more than
// 30,000 pixels per side.
std::string script(const Figure& figure);
std::string script(const Page& page);

// Checks the lengths and the marker of a series, and throws Error like script().
void check(const Series& series);

// Returns the bytes of the PNG. Throws like script(), and ProgramError if gnuplot is not installed
// or fails.
std::string draw(const Figure& figure);
std::string draw(const Page& page);

// Writes the PNG atomically, with write_file().
void write_figure(const std::string& path, const Figure& figure);

}  // namespace nn::plot
