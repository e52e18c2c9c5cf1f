#include "examples/pictures/panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "examples/pictures/look.h"

namespace pictures {
namespace {

struct Range {
  double low = INFINITY;
  double high = -INFINITY;
  bool whole_numbers = true;

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
    whole_numbers = whole_numbers && value == std::floor(value);
  }
};

void add_range(Range& range, const Plot& plot, bool of_x) {
  for (const Series& series : plot.series) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (shown(plot, series.x[i], series.y[i])) range.add(of_x ? series.x[i] : series.y[i]);
    }
  }
  for (const Guide& guide : of_x ? plot.vertical : plot.horizontal) {
    if (can_show(guide.at, of_x ? plot.log_x : plot.log_y)) range.add(guide.at);
  }
  for (const Words& words : plot.words) {
    if (shown(plot, words.x, words.y)) range.add(of_x ? words.x : words.y);
  }
}

Range range_of(const Plot& plot, bool of_x) {
  Range range;
  add_range(range, plot, of_x);
  if (plot.one_range) add_range(range, plot, !of_x);
  if (range.low > range.high) {  // nothing to show
    range.add(1);
    if (!(of_x ? plot.log_x : plot.log_y)) range.add(0);
  }
  return range;
}

// As many ticks as have room beside each other.
Axis x_axis(Canvas& canvas, const Plot& plot, double width) {
  const Range range = range_of(plot, true);
  for (int most = 9;; --most) {
    Axis axis = make_axis(range.low, range.high,
                          {.log = plot.log_x,
                           .whole_numbers = range.whole_numbers,
                           .most_ticks = most,
                           .margin = plot.one_range ? .05 : .03});
    bool fits = true;
    double last_right = -INFINITY;
    for (const Tick& tick : axis.ticks) {
      const double half = canvas.text_width(tick.label, kTickFont) / 2;
      const double at = width * axis.fraction(tick.at);
      fits = fits && at - half > last_right + 8;
      last_right = at + half;
    }
    if (fits || most == 2) return axis;
  }
}

Axis y_axis(Canvas& canvas, const Plot& plot, double height) {
  const Range range = range_of(plot, false);
  const int most = std::clamp(int(height / (2.4 * canvas.line_height(kTickFont))), 2, 9);
  return make_axis(range.low, range.high,
                   {.log = plot.log_y, .whole_numbers = false, .most_ticks = most, .margin = .05});
}

// What is not drawn, in words: "Not drawn: 3 points of training (NaN or infinite)".
std::string note_on(const Plot& plot) {
  std::string note;
  for (const Series& series : plot.series) {
    std::size_t hidden = 0;
    bool finite = false;  // whether a hidden point is not positive, or enormous
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (shown(plot, series.x[i], series.y[i])) continue;
      ++hidden;
      finite = finite || (std::isfinite(series.x[i]) && std::isfinite(series.y[i]));
    }
    if (hidden == 0) continue;
    note += note.empty() ? "Not drawn: " : "; ";
    note += fmt::format("{} point{}{}{} ({})", hidden, hidden == 1 ? "" : "s",
                        series.name.empty() ? "" : " of ", series.name,
                        finite ? "outside what the axes can show" : "NaN or infinite");
  }
  return note;
}

// Whether a curve or a guide passes through the box. Looks at places on it two points apart.
bool is_crossed(const Panel& panel, const Box& frame, const Box& box) {
  constexpr double kClear = 5;
  const auto inside = [&](const Point& p) {
    return p.x > box.left - kClear && p.x < box.right() + kClear && p.y > box.top - kClear &&
           p.y < box.bottom() + kClear;
  };
  const Plot& plot = *panel.plot;
  for (const Series& series : plot.series) {
    bool joined = false;
    Point last;
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (!shown(plot, series.x[i], series.y[i])) {
        joined = false;
        continue;
      }
      const Point next = place(panel, frame, series.x[i], series.y[i]);
      if (inside(next)) return true;
      if (joined && look_of(series, 0).dash != Dash::none) {
        const int steps = int(std::hypot(next.x - last.x, next.y - last.y) / 2) + 1;
        for (int s = 1; s < steps; ++s) {
          const double t = double(s) / steps;
          if (inside({last.x + t * (next.x - last.x), last.y + t * (next.y - last.y)})) return true;
        }
      }
      last = next;
      joined = true;
    }
  }
  // Guides cross the whole frame, and their labels stand at the upper and the right end.
  const double label = kNote.size + 6;
  for (const Guide& guide : plot.horizontal) {
    if (!can_show(guide.at, plot.log_y)) continue;
    const double y = place(panel, frame, panel.x.low, guide.at).y;
    if (y > box.top - kClear && y - label < box.bottom()) return true;
  }
  for (const Guide& guide : plot.vertical) {
    if (!can_show(guide.at, plot.log_x)) continue;
    const double x = place(panel, frame, guide.at, panel.y.low).x;
    if (x > box.left - kClear && x - label < box.right()) return true;
  }
  return false;
}

}  // namespace

bool shown(const Plot& plot, double x, double y) {
  return can_show(x, plot.log_x) && can_show(y, plot.log_y);
}

double block_height(Canvas& canvas, const std::vector<std::string>& lines, const Font& font) {
  return lines.empty() ? 0 : canvas.line_height(font) * double(lines.size()) + kSpace;
}

double block_width(Canvas& canvas, const std::vector<std::string>& lines, const Font& font) {
  double width = 0;
  for (const std::string& line : lines) width = std::max(width, canvas.text_width(line, font));
  return width;
}

Point place(const Panel& panel, const Box& frame, double x, double y) {
  return {frame.left + frame.width * panel.x.fraction(x),
          frame.bottom() - frame.height * panel.y.fraction(y)};
}

Box legend_place(const Panel& panel, const Box& frame) {
  constexpr double kInset = 8;
  const double free_width = frame.width - panel.legend.width - 2 * kInset;
  const double free_height = frame.height - panel.legend.height - 2 * kInset;
  return {frame.left + kInset + panel.corner.x * free_width,
          frame.top + kInset + panel.corner.y * free_height, panel.legend.width,
          panel.legend.height};
}

double ticks_width(Canvas& canvas, const Axis& axis) {
  double width = 0;
  for (const Tick& tick : axis.ticks) {
    width = std::max(width, canvas.text_width(tick.label, kTickFont));
  }
  return width;
}

Panel make_panel(Canvas& canvas, const Plot& plot, const Figure& figure, bool own_legend) {
  Panel panel;
  panel.plot = &plot;
  panel.x = x_axis(canvas, plot, figure.width);
  panel.y = y_axis(canvas, plot, figure.height);
  panel.title = canvas.wrap(plot.title, figure.width, kTitle);
  panel.x_label = canvas.wrap(plot.x_label, figure.width, kLabel);
  panel.y_label = canvas.wrap(plot.y_label, figure.height, kLabel);
  panel.note = canvas.wrap(note_on(plot), figure.width, kNote);

  const double tick_height = canvas.line_height(kTickFont);
  panel.left = kTickLength + kSpace + ticks_width(canvas, panel.y) +
               block_height(canvas, panel.y_label, kLabel);
  panel.right = 0;
  panel.top = std::max(tick_height / 2, block_height(canvas, panel.title, kTitle));
  if (!panel.y.unit.empty()) panel.top += tick_height + kSpace;
  panel.bottom = kTickLength + kSpace + tick_height + block_height(canvas, panel.x_label, kLabel) +
                 block_height(canvas, panel.note, kNote);
  if (!panel.x.unit.empty() && panel.x_label.empty()) panel.bottom += tick_height + kSpace;

  // Labels that are wider than the frame, or stand at its end, need room beside it.
  for (const Tick& tick : panel.x.ticks) {
    const double half = canvas.text_width(tick.label, kTickFont) / 2;
    const double at = figure.width * panel.x.fraction(tick.at);
    panel.left = std::max(panel.left, half - at);
    panel.right = std::max(panel.right, at + half - figure.width);
  }
  const double widest = std::max(
      {block_width(canvas, panel.title, kTitle),
       block_width(canvas, panel.x_label, kLabel) + 2 * canvas.text_width(panel.x.unit, kTickFont),
       block_width(canvas, panel.note, kNote)});
  const double beside = (widest - figure.width) / 2;
  panel.left = std::max(panel.left, beside);
  panel.right = std::max(panel.right, beside);
  const double above = (block_width(canvas, panel.y_label, kLabel) - figure.height) / 2;
  panel.top = std::max(panel.top, above);
  panel.bottom = std::max(panel.bottom, above);

  if (own_legend) panel.legend = legend_box(canvas, plot);
  if (panel.legend.entries.empty()) return panel;
  const Box frame{0, 0, figure.width, figure.height};
  panel.legend_outside = true;
  if (panel.legend.width < .75 * figure.width && panel.legend.height < .75 * figure.height) {
    for (const Anchor corner : {Anchor{1, 0}, Anchor{0, 0}, Anchor{1, 1}, Anchor{0, 1}}) {
      panel.corner = corner;
      if (is_crossed(panel, frame, legend_place(panel, frame))) continue;
      panel.legend_outside = false;
      break;
    }
  }
  if (panel.legend_outside) {
    panel.right = std::max(panel.right, panel.legend.width + 12);
    panel.bottom = std::max(panel.bottom, panel.legend.height - figure.height);
  }
  return panel;
}

}  // namespace pictures
