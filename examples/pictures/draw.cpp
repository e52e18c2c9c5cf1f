#include "examples/pictures/draw.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "examples/pictures/axis.h"
#include "examples/pictures/canvas.h"
#include "examples/pictures/legend.h"
#include "examples/pictures/look.h"
#include "examples/pictures/panel.h"

namespace pictures {
namespace {

void draw_grid(Canvas& canvas, const Panel& panel, const Box& frame) {
  const Pen pen{kGrid, .75};
  const Pen minor{{.955, .955, .955}, .5};
  const auto vertical = [&](double at, const Pen& p) {
    const double x = place(panel, frame, at, panel.y.low).x;
    canvas.sharp_line({x, frame.top}, {x, frame.bottom()}, p);
  };
  const auto horizontal = [&](double at, const Pen& p) {
    const double y = place(panel, frame, panel.x.low, at).y;
    canvas.sharp_line({frame.left, y}, {frame.right(), y}, p);
  };
  for (const double at : panel.x.minor_ticks) vertical(at, minor);
  for (const double at : panel.y.minor_ticks) horizontal(at, minor);
  for (const Tick& tick : panel.x.ticks) vertical(tick.at, pen);
  for (const Tick& tick : panel.y.ticks) horizontal(tick.at, pen);
}

void draw_axes(Canvas& canvas, const Panel& panel, const Box& frame) {
  const Pen pen{kInk, 1};
  const auto x_tick = [&](double at, double length) {
    const double x = place(panel, frame, at, panel.y.low).x;
    canvas.sharp_line({x, frame.bottom()}, {x, frame.bottom() + length}, pen);
    return x;
  };
  const auto y_tick = [&](double at, double length) {
    const double y = place(panel, frame, panel.x.low, at).y;
    canvas.sharp_line({frame.left, y}, {frame.left - length, y}, pen);
    return y;
  };
  canvas.sharp_line({frame.left, frame.top}, {frame.left, frame.bottom()}, pen);
  canvas.sharp_line({frame.left, frame.bottom()}, {frame.right(), frame.bottom()}, pen);
  for (const double at : panel.x.minor_ticks) x_tick(at, kTickLength / 2);
  for (const double at : panel.y.minor_ticks) y_tick(at, kTickLength / 2);
  for (const Tick& tick : panel.x.ticks) {
    const double x = x_tick(tick.at, kTickLength);
    canvas.text(tick.label, {x, frame.bottom() + kTickLength + 2}, {.5, 0}, kTickFont);
  }
  for (const Tick& tick : panel.y.ticks) {
    const double y = y_tick(tick.at, kTickLength);
    canvas.text(tick.label, {frame.left - kTickLength - 3, y}, {1, .5}, kTickFont);
  }
  const double line = canvas.line_height(kTickFont);
  canvas.text(panel.y.unit, {frame.left, frame.top - kSpace}, {0, 1}, kTickFont);
  canvas.text(panel.x.unit, {frame.right(), frame.bottom() + kTickLength + kSpace + line}, {1, 0},
              kTickFont);
}

void draw_words(Canvas& canvas, const Panel& panel, const Box& frame) {
  const double middle = frame.left + frame.width / 2;
  double y = frame.top - kSpace - block_height(canvas, panel.title, kTitle) + kSpace;
  if (!panel.y.unit.empty()) y -= canvas.line_height(kTickFont) + kSpace;
  for (const std::string& line : panel.title) {
    canvas.text(line, {middle, y}, {.5, 0}, kTitle);
    y += canvas.line_height(kTitle);
  }
  y = frame.bottom() + kTickLength + kSpace + canvas.line_height(kTickFont);
  for (const std::string& line : panel.x_label) {
    canvas.text(line, {middle, y}, {.5, 0}, kLabel);
    y += canvas.line_height(kLabel);
  }
  if (!panel.x_label.empty()) {
    y += kSpace;
  } else if (!panel.x.unit.empty()) {
    y += canvas.line_height(kTickFont) + kSpace;
  }
  for (const std::string& line : panel.note) {
    canvas.text(line, {middle, y}, {.5, 0}, kNote);
    y += canvas.line_height(kNote);
  }
  double x = frame.left - kTickLength - kSpace - ticks_width(canvas, panel.y) -
             block_height(canvas, panel.y_label, kLabel) + kSpace - 2;
  for (const std::string& line : panel.y_label) {
    canvas.text(line, {x, frame.top + frame.height / 2}, {0, .5, true}, kLabel);
    x += canvas.line_height(kLabel);
  }
}

void draw_guides(Canvas& canvas, const Panel& panel, const Box& frame) {
  const Plot& plot = *panel.plot;
  const Pen pen{kPale, 1, Dash::dashed};
  for (const Guide& guide : plot.horizontal) {
    if (!can_show(guide.at, plot.log_y)) continue;
    const double y = place(panel, frame, panel.x.low, guide.at).y;
    canvas.sharp_line({frame.left, y}, {frame.right(), y}, pen);
  }
  for (const Guide& guide : plot.vertical) {
    if (!can_show(guide.at, plot.log_x)) continue;
    const double x = place(panel, frame, guide.at, panel.y.low).x;
    canvas.sharp_line({x, frame.top}, {x, frame.bottom()}, pen);
  }
}

// On a light ground, since curves may pass below.
void draw_guide_labels(Canvas& canvas, const Panel& panel, const Box& frame) {
  const Plot& plot = *panel.plot;
  const double height = canvas.line_height(kNote);
  const Color ground{1, 1, 1, .8};
  for (const Guide& guide : plot.horizontal) {
    if (!can_show(guide.at, plot.log_y) || guide.label.empty()) continue;
    const double width = canvas.text_width(guide.label, kNote);
    const double line = place(panel, frame, panel.x.low, guide.at).y;
    const bool above = line - height - 3 > frame.top;
    const double y = above ? line - height - 2 : line + 2;
    canvas.fill({frame.right() - width - 6, y, width + 4, height}, ground);
    canvas.text(guide.label, {frame.right() - 4, y}, {1, 0}, kNote);
  }
  for (const Guide& guide : plot.vertical) {
    if (!can_show(guide.at, plot.log_x) || guide.label.empty()) continue;
    const double width = canvas.text_width(guide.label, kNote);
    const double line = place(panel, frame, guide.at, panel.y.low).x;
    const bool before = line - height - 3 > frame.left;
    const double x = before ? line - height - 2 : line + 2;
    canvas.fill({x, frame.top + 2, height, width + 4}, ground);
    canvas.text(guide.label, {x, frame.top + 4}, {0, 0, true}, kNote);
  }
}

void draw_series(Canvas& canvas, const Panel& panel, const Box& frame, const Series& series,
                 const Look& look) {
  std::vector<Point> piece;
  const auto finish = [&] {
    canvas.curve(piece, {look.color, 1.8, look.dash});
    const bool alone = piece.size() == 1;  // between gaps: invisible without a marker
    if (look.markers || alone) {
      const double size = look.dash == Dash::none ? 6.5 : 5.5;
      for (const Point& p : piece) canvas.marker(p, look.marker, size, look.color);
    }
    piece.clear();
  };
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (shown(*panel.plot, series.x[i], series.y[i])) {
      piece.push_back(place(panel, frame, series.x[i], series.y[i]));
    } else {
      finish();
    }
  }
  finish();
}

// The first dots of all clouds, then the second ones, and so on.
void draw_clouds(Canvas& canvas, const Panel& panel, const Box& frame) {
  const Plot& plot = *panel.plot;
  std::size_t most = 0, all = 0;
  for (const Series& series : plot.series) {
    if (series.markers != Markers::cloud) continue;
    most = std::max(most, series.x.size());
    all += series.x.size();
  }
  if (all == 0) return;
  const double size = std::clamp(2.6 * std::sqrt(5000. / double(all)), 2.2, 5.);
  for (std::size_t point = 0; point < most; ++point) {
    for (std::size_t i = 0; i < plot.series.size(); ++i) {
      const Series& series = plot.series[i];
      if (series.markers != Markers::cloud || point >= series.x.size()) continue;
      if (!shown(plot, series.x[point], series.y[point])) continue;
      Color color = look_of(series, i).color;
      color.opacity = .75;
      canvas.dot(place(panel, frame, series.x[point], series.y[point]), size, color);
    }
  }
}

// Moves boxes whose middles are too near to each other apart, each pair by halves and along the
// side that needs less, until none overlap or they have been tried often enough.
void move_apart(std::vector<Box>& boxes) {
  for (int round = 0; round < 50; ++round) {
    bool moved = false;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      for (std::size_t j = i + 1; j < boxes.size(); ++j) {
        Box &a = boxes[i], &b = boxes[j];
        const double dx = b.left + b.width / 2 - a.left - a.width / 2;
        const double dy = b.top + b.height / 2 - a.top - a.height / 2;
        const double x = (a.width + b.width) / 2 - std::abs(dx);
        const double y = (a.height + b.height) / 2 - std::abs(dy);
        if (x <= .01 || y <= .01) continue;
        double& first = x < y ? a.left : a.top;
        double& second = x < y ? b.left : b.top;
        const double half = std::copysign(std::min(x, y) / 2, x < y ? dx : dy);
        first -= half;
        second += half;
        moved = true;
      }
    }
    if (!moved) return;
  }
}

void draw_words_inside(Canvas& canvas, const Panel& panel, const Box& frame) {
  std::vector<Box> boxes;
  std::vector<const Words*> drawn;
  for (const Words& words : panel.plot->words) {
    if (!shown(*panel.plot, words.x, words.y)) continue;
    const Point at = place(panel, frame, words.x, words.y);
    const double width = canvas.text_width(words.words, kWords) + 2;
    const double height = kWords.size * .85;  // of capitals and figures, with some air
    boxes.push_back({at.x - width / 2, at.y - height / 2, width, height});
    drawn.push_back(&words);
  }
  move_apart(boxes);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    Font font = kWords;
    font.color = words_color(drawn[i]->color);
    const Point middle{boxes[i].left + boxes[i].width / 2, boxes[i].top + boxes[i].height / 2};
    canvas.text(drawn[i]->words, middle, {.5, .5}, font);
  }
}

void draw_panel(Canvas& canvas, const Panel& panel, const Box& frame) {
  draw_grid(canvas, panel, frame);
  draw_guides(canvas, panel, frame);
  draw_axes(canvas, panel, frame);
  for (std::size_t i = 0; i < panel.plot->series.size(); ++i) {
    const Series& series = panel.plot->series[i];
    const Look look = look_of(series, i);
    if (!look.cloud) draw_series(canvas, panel, frame, series, look);
  }
  draw_clouds(canvas, panel, frame);
  draw_words_inside(canvas, panel, frame);
  draw_guide_labels(canvas, panel, frame);
  draw_words(canvas, panel, frame);
  if (panel.legend.entries.empty()) return;
  if (panel.legend_outside) {
    draw_legend(canvas, panel.legend, frame.right() + 12, frame.top);
  } else {
    const Box box = legend_place(panel, frame);
    draw_legend(canvas, panel.legend, box.left, box.top);
  }
}

}  // namespace

Image draw(const Figure& figure) {
  const std::vector<Plot>& plots = figure.plots;
  const auto with_legend = std::find_if(plots.begin(), plots.end(), has_legend);
  const bool shared_legend = plots.size() > 1 && with_legend != plots.end() &&
                             std::all_of(plots.begin(), plots.end(), [&](const Plot& p) {
                               return !has_legend(p) || same_legend(p, *with_legend);
                             });

  // Texts are measured on a page of their own; then the figure is as large as they need.
  Canvas ruler(1, 1, figure.scale);
  std::vector<Panel> panels;
  double left = 0, right = 0, top = 0, bottom = 0;
  for (const Plot& plot : plots) {
    const Panel panel = make_panel(ruler, plot, figure, !shared_legend);
    left = std::max(left, panel.left);
    right = std::max(right, panel.right);
    top = std::max(top, panel.top);
    bottom = std::max(bottom, panel.bottom);
    panels.push_back(panel);
  }
  const auto columns = std::min(std::size_t(figure.columns), plots.size());
  const std::size_t rows = (plots.size() + columns - 1) / columns;
  const double step_x = left + figure.width + right + 1.5 * kPad;
  const double step_y = top + figure.height + bottom + 1.5 * kPad;

  double width = double(columns) * step_x + .5 * kPad;
  LegendRows legend;
  if (shared_legend) {
    legend = legend_rows(ruler, *with_legend, width - 2 * kPad);
    for (const auto& row : legend.rows) width = std::max(width, row_width(ruler, row) + 2 * kPad);
  }
  const std::vector<std::string> title = ruler.wrap(figure.title, width - 2 * kPad, kFigureTitle);
  width = std::max(width, block_width(ruler, title, kFigureTitle) + 2 * kPad);
  const double head =
      block_height(ruler, title, kFigureTitle) + legend.height + (legend.rows.empty() ? 0 : kSpace);
  const double height = head + double(rows) * step_y + .5 * kPad;

  Canvas canvas(width, height, figure.scale);
  double y = kPad;
  for (const std::string& line : title) {
    canvas.text(line, {width / 2, y}, {.5, 0}, kFigureTitle);
    y += canvas.line_height(kFigureTitle);
  }
  if (!title.empty()) y += kSpace;
  draw_legend(canvas, legend, width / 2, y);

  const double start = (width - double(columns) * step_x + .5 * kPad) / 2;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const Box frame{start + double(i % columns) * step_x + left,
                    kPad + head + double(i / columns) * step_y + top, figure.width, figure.height};
    draw_panel(canvas, panels[i], frame);
  }
  return canvas.pixels();
}

}  // namespace pictures
