#pragma once

#include <string>
#include <vector>

#include "examples/pictures/axis.h"
#include "examples/pictures/canvas.h"
#include "examples/pictures/legend.h"
#include "examples/pictures/plot.h"

// A plot that knows its axes, its texts in lines, and how much room it needs.
namespace pictures {

// Everything about a plot that does not depend on where in the figure it stands.
struct Panel {
  const Plot* plot;
  Axis x, y;
  LegendBox legend;
  bool legend_outside = false;
  Anchor corner;  // of the legend, if inside
  std::vector<std::string> title, x_label, y_label, note;
  double left = 0, right = 0, top = 0, bottom = 0;  // room needed around the frame
};

// A plot without own_legend leaves its legend to the figure.
Panel make_panel(Canvas& canvas, const Plot& plot, const Figure& figure, bool own_legend);

// Whether the axes can show the point.
bool shown(const Plot& plot, double x, double y);

// Where a point of the plot lies on the page, given the frame of the axes there.
Point place(const Panel& panel, const Box& frame, double x, double y);

// Where a legend inside the frame lies.
Box legend_place(const Panel& panel, const Box& frame);

// Lines of text below each other, with a space after them; no lines need no room.
double block_height(Canvas& canvas, const std::vector<std::string>& lines, const Font& font);
double block_width(Canvas& canvas, const std::vector<std::string>& lines, const Font& font);

// The widest label.
double ticks_width(Canvas& canvas, const Axis& axis);

}  // namespace pictures
