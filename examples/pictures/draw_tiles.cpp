#include "examples/pictures/draw_tiles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "examples/pictures/canvas.h"
#include "examples/pictures/look.h"
#include "examples/pictures/panel.h"

namespace pictures {
namespace {

constexpr double kScale = 2;  // pixels in a point

// Onto the grid of pixels, so that those of the images stay squares.
double snapped(double points) { return std::ceil(points * kScale) / kScale; }

// Where the tiles lie, in points from the corner of the first one.
struct Layout {
  double width, height;   // of a tile
  double step_x, step_y;  // from one tile to the next
  double group_gap;       // added after a group of rows
  int rows, columns, rows_in_group;

  explicit Layout(const Tiles& tiles)
      : width(tiles.images[0].width * tiles.factor / kScale),
        height(tiles.images[0].height * tiles.factor / kScale),
        step_x(width + tiles.gap / kScale),
        step_y(height + tiles.gap / kScale),
        group_gap(5 + tiles.gap),
        rows(int(tiles.images.size()) / tiles.columns),
        columns(tiles.columns),
        rows_in_group(tiles.rows_in_group) {}

  double left(int column) const { return column * step_x; }
  double top(int row) const {
    return row * step_y + (rows_in_group == 0 ? 0 : row / rows_in_group * group_gap);
  }
  double full_width() const { return left(columns - 1) + width; }
  double full_height() const { return top(rows - 1) + height; }
};

}  // namespace

Image draw(const Tiles& tiles) {
  const Layout layout(tiles);
  Canvas ruler(1, 1, kScale);
  const double tick_height = ruler.line_height(kTickFont);
  const double full_width = layout.full_width(), full_height = layout.full_height();
  const auto title = ruler.wrap(tiles.title, full_width, kTitle);
  const auto x_label = ruler.wrap(tiles.x_label, full_width, kLabel);
  const auto y_label = ruler.wrap(tiles.y_label, full_height, kLabel);

  // Room around the tiles.
  const double labels_width = block_width(ruler, tiles.row_labels, kTickFont);
  const double labels_height = tiles.column_labels.empty() ? 0 : tick_height + 3;
  const double beside_columns = labels_height + block_height(ruler, x_label, kLabel);
  double left =
      (labels_width > 0 ? labels_width + kSpace : 0) + block_height(ruler, y_label, kLabel);
  double right = 0;
  for (std::size_t i = 0; i < tiles.column_labels.size(); ++i) {
    const double half = ruler.text_width(tiles.column_labels[i], kTickFont) / 2;
    const double at = layout.left(int(i)) + layout.width / 2;
    left = std::max(left, half - at);
    right = std::max(right, at + half - full_width);
  }
  const double widest =
      std::max(block_width(ruler, title, kTitle), block_width(ruler, x_label, kLabel));
  left = std::max(left, (widest - full_width) / 2);
  right = std::max(right, (widest - full_width) / 2);
  double above = std::max(0., (tick_height - layout.height) / 2);
  double below = above;
  (tiles.labels_below ? below : above) = std::max(beside_columns, above);
  const double too_long = (block_width(ruler, y_label, kLabel) - full_height) / 2;
  above = std::max(above, too_long);
  below = std::max(below, too_long);

  const double x = snapped(kPad + left);
  const double y = snapped(kPad + block_height(ruler, title, kTitle) + above);
  Canvas canvas(x + full_width + right + kPad, y + full_height + below + kPad, kScale);

  const double edge = tiles.gap / kScale;
  if (tiles.dark_gaps)
    canvas.fill({x - edge, y - edge, full_width + 2 * edge, full_height + 2 * edge}, {});
  for (int row = 0; row < layout.rows; ++row) {
    for (int column = 0; column < layout.columns; ++column) {
      canvas.image(
          {x + layout.left(column), y + layout.top(row), layout.width, layout.height},
          tiles.images[std::size_t(row) * std::size_t(layout.columns) + std::size_t(column)]);
    }
  }

  const double middle = x + full_width / 2;
  double line = kPad;
  for (const std::string& words : title) {
    canvas.text(words, {middle, line}, {.5, 0}, kTitle);
    line += canvas.line_height(kTitle);
  }
  for (std::size_t i = 0; i < tiles.row_labels.size(); ++i) {
    const double at = y + layout.top(int(i)) + layout.height / 2;
    canvas.text(tiles.row_labels[i], {x - kSpace, at}, {1, .5}, kTickFont);
  }
  const double labels = tiles.labels_below ? y + full_height + 3 : y - 3 - tick_height;
  for (std::size_t i = 0; i < tiles.column_labels.size(); ++i) {
    const double at = x + layout.left(int(i)) + layout.width / 2;
    canvas.text(tiles.column_labels[i], {at, labels}, {.5, 0}, kTickFont);
  }
  line = tiles.labels_below ? y + full_height + labels_height + kSpace / 2 : y - beside_columns;
  for (const std::string& words : x_label) {
    canvas.text(words, {middle, line}, {.5, 0}, kLabel);
    line += canvas.line_height(kLabel);
  }
  double column = x - kSpace - labels_width - block_height(canvas, y_label, kLabel);
  for (const std::string& words : y_label) {
    canvas.text(words, {column, y + full_height / 2}, {0, .5, true}, kLabel);
    column += canvas.line_height(kLabel);
  }
  return canvas.pixels();
}

}  // namespace pictures
