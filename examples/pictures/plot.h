#pragma once

#include <string>
#include <vector>

#include "examples/pictures/dash.h"

// Curves as a PNG, drawn through cairo where the build found it.
namespace pictures {

// automatic: on curves of at most 30 points. cloud: small dots without a line, for thousands of
// points; the dots of several clouds lie among each other, so that the last one does not cover the
// others.
enum class Markers { automatic, always, never, cloud };

struct Series {
  std::string name;  // in the legend; without a name the series has no entry there
  std::vector<double> x;
  std::vector<double> y;
  Dash dash = Dash::solid;
  Markers markers = Markers::automatic;
  // An entry of the palette, 0..7, or of that of clouds, 0..9; -1: the series' place in its plot.
  int color = -1;
};

// A line across the plot, with a few words at its end.
struct Guide {
  double at = 0;
  std::string label;
};

// Bold words around a point, above everything else. Those that would cover each other are moved
// apart.
struct Words {
  double x = 0;
  double y = 0;
  std::string words;
  int color = -1;  // of the clouds' palette, 0..9, a little darker; -1: that of all other words
};

// One pair of axes. The axes' ranges hold all points and guides. A point that an axis cannot show
// (NaN, infinite, not positive on a logarithmic axis; see can_show) interrupts its curve, and a
// note below the plot says how many there are.
struct Plot {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_x = false;
  bool log_y = false;
  std::vector<Series> series;
  std::vector<Guide> horizontal;  // at a y
  std::vector<Guide> vertical;    // at an x
  std::vector<Words> words;
  bool one_range = false;  // of both axes: distances are the same either way on a square
};

// Plots beside and below each other. If all have the same legend, it is drawn once, above them;
// otherwise each plot has its own, in a corner without curves or else outside on the right.
struct Figure {
  std::string title;
  std::vector<Plot> plots;
  int columns = 3;
  double width = 340;   // of the inside of each pair of axes, in points;
  double height = 240;  // what stands around it is added
  double scale = 2;     // pixels in a point
};

// Whether the build found cairo.
bool can_plot();

// Writes the figure as a PNG (see write_png) and returns true; without cairo, returns false and
// writes nothing. Throws Error if a series' x and y differ in length, if there is no plot, and if
// the file cannot be written.
bool write_plot(const std::string& path, const Figure& figure);
bool write_plot(const std::string& path, const Plot& plot);

}  // namespace pictures
