#include "examples/pictures/legend.h"

#include <algorithm>
#include <cstddef>

namespace pictures {
namespace {

constexpr double kSample = 22;  // length of an entry's line
constexpr double kDot = 8;      // that of a cloud
constexpr double kBetweenEntries = 20;

std::vector<Entry> legend_of(const Plot& plot) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    const Series& series = plot.series[i];
    if (!series.name.empty()) entries.push_back({series.name, look_of(series, i)});
  }
  return entries;
}

double sample_width(const Entry& entry) { return entry.look.cloud ? kDot : kSample; }

double entry_width(Canvas& canvas, const Entry& entry) {
  return sample_width(entry) + 6 + canvas.text_width(entry.name, kTickFont);
}

void draw_entry(Canvas& canvas, const Entry& entry, double left, double middle) {
  const Look& look = entry.look;
  const double width = sample_width(entry);
  canvas.line({left, middle}, {left + width, middle}, {look.color, 1.8, look.dash});
  const double size = look.cloud ? 7 : 5.5;
  if (look.markers) canvas.marker({left + width / 2, middle}, look.marker, size, look.color);
  canvas.text(entry.name, {left + width + 6, middle}, {0, .5}, kTickFont);
}

}  // namespace

bool has_legend(const Plot& plot) { return !legend_of(plot).empty(); }

bool same_legend(const Plot& a, const Plot& b) {
  const std::vector<Entry> left = legend_of(a);
  const std::vector<Entry> right = legend_of(b);
  const auto same = [](const Entry& x, const Entry& y) {
    return x.name == y.name && x.look.marker == y.look.marker && x.look.dash == y.look.dash &&
           x.look.color.red == y.look.color.red && x.look.color.green == y.look.color.green &&
           x.look.color.blue == y.look.color.blue && x.look.markers == y.look.markers;
  };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

LegendBox legend_box(Canvas& canvas, const Plot& plot) {
  LegendBox box{legend_of(plot), canvas.line_height(kTickFont) * 1.25, 0, 0};
  for (const Entry& entry : box.entries) {
    box.width = std::max(box.width, entry_width(canvas, entry) + 14);
  }
  if (!box.entries.empty()) box.height = box.row * double(box.entries.size()) + 8;
  return box;
}

void draw_legend(Canvas& canvas, const LegendBox& legend, double left, double top) {
  const Box box{left, top, legend.width, legend.height};
  canvas.fill(box, {1, 1, 1, .88});
  canvas.frame(box, {{.8, .8, .8}, .5});
  for (std::size_t i = 0; i < legend.entries.size(); ++i) {
    draw_entry(canvas, legend.entries[i], left + 7, top + 4 + legend.row * (double(i) + .5));
  }
}

double row_width(Canvas& canvas, const std::vector<Entry>& row) {
  double width = -kBetweenEntries;
  for (const Entry& entry : row) width += entry_width(canvas, entry) + kBetweenEntries;
  return width;
}

LegendRows legend_rows(Canvas& canvas, const Plot& plot, double width) {
  LegendRows legend{{}, canvas.line_height(kTickFont) * 1.3, 0};
  for (const Entry& entry : legend_of(plot)) {
    const double free = legend.rows.empty() ? -1 : width - row_width(canvas, legend.rows.back());
    if (free < kBetweenEntries + entry_width(canvas, entry)) legend.rows.emplace_back();
    legend.rows.back().push_back(entry);
  }
  legend.height = legend.row * double(legend.rows.size());
  return legend;
}

void draw_legend(Canvas& canvas, const LegendRows& legend, double middle, double top) {
  double y = top + legend.row / 2;
  for (const std::vector<Entry>& row : legend.rows) {
    double x = middle - row_width(canvas, row) / 2;
    for (const Entry& entry : row) {
      draw_entry(canvas, entry, x, y);
      x += entry_width(canvas, entry) + kBetweenEntries;
    }
    y += legend.row;
  }
}

}  // namespace pictures
