#pragma once

#include <string>
#include <vector>

#include "examples/pictures/canvas.h"
#include "examples/pictures/look.h"
#include "examples/pictures/plot.h"

namespace pictures {

struct Entry {
  std::string name;
  Look look;
};

// Entries below each other in a box.
struct LegendBox {
  std::vector<Entry> entries;
  double row = 0;
  double width = 0;
  double height = 0;
};

// Entries beside each other, in as many rows as the width needs.
struct LegendRows {
  std::vector<std::vector<Entry>> rows;
  double row = 0;
  double height = 0;
};

LegendBox legend_box(Canvas& canvas, const Plot& plot);
LegendRows legend_rows(Canvas& canvas, const Plot& plot, double width);

double row_width(Canvas& canvas, const std::vector<Entry>& row);

bool has_legend(const Plot& plot);
// Whether one legend does for both plots.
bool same_legend(const Plot& a, const Plot& b);

void draw_legend(Canvas& canvas, const LegendBox& legend, double left, double top);
void draw_legend(Canvas& canvas, const LegendRows& legend, double middle, double top);

}  // namespace pictures
