#include "examples/pictures/tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "autograd/base/error.h"
#include "nn/files/run_program.h"
#include "nn/plot/plot.h"

namespace pictures {
namespace {

using autograd::Error;
using nn::plot::kLineHeight;
using Align = nn::plot::Words::Align;

void check(const Tiles& tiles) {
  const std::size_t count = tiles.images.size(), columns = std::size_t(std::max(tiles.columns, 1));
  if (tiles.columns < 1 || count == 0 || count % columns != 0)
    throw Error(
        fmt::format("write_tiles: the images must fill one or more rows, but there are {} images "
                    "for rows of {}",
                    count, tiles.columns));
  const std::size_t rows = count / columns;
  const auto fits = [](const std::vector<std::string>& labels, std::size_t n) {
    return labels.empty() || labels.size() == n;
  };
  if (!fits(tiles.row_labels, rows) || !fits(tiles.column_labels, columns))
    throw Error(fmt::format(
        "write_tiles: {} x {} tiles must have as many labels or none, but they have {} and {}",
        rows, columns, tiles.row_labels.size(), tiles.column_labels.size()));
  if (tiles.factor < 1 || tiles.factor > 1000 || tiles.gap < 0 || tiles.rows_in_group < 0)
    throw Error(
        fmt::format("write_tiles: factor must lie in 1..1000, gap and rows_in_group be at least 0, "
                    "but they are {}, {} and {}",
                    tiles.factor, tiles.gap, tiles.rows_in_group));
}

using nn::plot::width_of;

int width_of(const std::vector<std::string>& labels) {
  int widest = 0;
  for (const std::string& label : labels) widest = std::max(widest, width_of(label));
  return widest;
}

// The positions of tiles and texts, in pixels from the upper left corner of the page.
struct Layout {
  static constexpr int kPad = 14, kSpace = 8;

  explicit Layout(const Tiles& tiles)
      : tile_width(tiles.images[0].width * tiles.factor),
        tile_height(tiles.images[0].height * tiles.factor),
        columns(tiles.columns),
        rows(int(tiles.images.size()) / tiles.columns),
        step_x(tile_width + tiles.gap),
        step_y(tile_height + tiles.gap),
        rows_in_group(tiles.rows_in_group),
        group_gap(10 + 2 * tiles.gap) {
    width = columns * step_x - tiles.gap;
    height = top(rows - 1) + tile_height;
    const int labels_width = width_of(tiles.row_labels);
    const int beside = (labels_width > 0 ? labels_width + kSpace : 0) +
                       (tiles.y_label.empty() ? 0 : kLineHeight + kSpace);
    const int widest = std::max(width_of(tiles.title), width_of(tiles.x_label));
    // How far the labels of the outer columns extend beyond the tiles.
    const int ends = (width_of(tiles.column_labels) - tile_width) / 2;
    const int outside = std::max({0, (widest - width) / 2, ends});
    const int along = ((tiles.column_labels.empty() ? 0 : kLineHeight) +
                       (tiles.x_label.empty() ? 0 : kLineHeight) + kSpace / 2);
    const int title_height = tiles.title.empty() ? 0 : kLineHeight + kSpace;
    const int too_long = std::max(0, (width_of(tiles.y_label) - height) / 2);
    x = kPad + std::max(beside, outside);
    y = kPad + std::max(title_height + (tiles.labels_below ? 0 : along), too_long);
    page_width = x + width + outside + kPad;
    page_height = y + height + std::max(tiles.labels_below ? along : 0, too_long) + kPad;
  }

  int left(int column) const { return column * step_x; }
  int top(int row) const {
    return row * step_y + (rows_in_group == 0 ? 0 : row / rows_in_group * group_gap);
  }

  int tile_width, tile_height, columns, rows, step_x, step_y, rows_in_group, group_gap;
  int width, height;  // the size of all tiles together
  int x, y;           // the position of the first tile
  int page_width, page_height;
};

std::vector<nn::plot::Words> words_of(const Tiles& tiles, const Layout& l) {
  std::vector<nn::plot::Words> all;
  const auto add = [&](const std::string& text, double x, double y, Align align,
                       bool upwards = false) {
    if (!text.empty())
      all.push_back({.text = text, .x = x, .y = y, .align = align, .upwards = upwards});
  };
  constexpr double kHalf = kLineHeight / 2.;
  const double middle = l.x + l.width / 2.;
  add(tiles.title, middle, Layout::kPad + kHalf, Align::center);
  for (std::size_t i = 0; i < tiles.row_labels.size(); ++i)
    add(tiles.row_labels[i], l.x - Layout::kSpace, l.y + l.top(int(i)) + l.tile_height / 2.,
        Align::right);
  const double away = tiles.labels_below ? 1 : -1;  // the direction away from the tiles
  double line = (tiles.labels_below ? l.y + l.height : l.y) + away * (kHalf + Layout::kSpace / 2.);
  for (std::size_t i = 0; i < tiles.column_labels.size(); ++i)
    add(tiles.column_labels[i], l.x + l.left(int(i)) + l.tile_width / 2., line, Align::center);
  if (!tiles.column_labels.empty()) line += away * kLineHeight;
  add(tiles.x_label, middle, line, Align::center);
  const int labels_width = width_of(tiles.row_labels);
  add(tiles.y_label,
      l.x - Layout::kSpace - (labels_width > 0 ? labels_width + Layout::kSpace : 0) - kHalf,
      l.y + l.height / 2., Align::center, true);
  return all;
}

// Copies an image with one or three channels onto a page with three channels.
void paste_in_colours(Image& page, const Image& image, int left, int top) {
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      for (int c = 0; c < 3; ++c)
        page.pixels[std::size_t((top + y) * page.width + left + x) * 3 + std::size_t(c)] =
            image.pixels[std::size_t((y * image.width + x) * image.channels + c % image.channels)];
}

Image with_images(Image page, const Layout& l, const Tiles& tiles,
                  const std::vector<Image>& images) {
  // grid() checks that all images have the same size and channels.
  const bool grey = grid(images, l.rows, l.columns, {.gap = 0}).channels == 1;
  for (int row = 0; row < l.rows; ++row)
    for (int column = 0; column < l.columns; ++column)
      paste_in_colours(page, enlarge(images[std::size_t(row * l.columns + column)], tiles.factor),
                       l.x + l.left(column), l.y + l.top(row));
  if (!grey) return page;
  Image result{page.width, page.height, 1, {}};
  for (std::size_t i = 0; i < page.pixels.size(); i += 3) result.pixels.push_back(page.pixels[i]);
  return result;
}

Image white(int width, int height) {
  return {width, height, 3, std::vector<std::uint8_t>(std::size_t(width * height) * 3, 255)};
}

// The page with its texts, without images.
Image page_of(const Tiles& tiles, const Layout& l) {
  const auto words = words_of(tiles, l);
  Image page = words.empty()
                   ? white(l.page_width, l.page_height)
                   : decode_png(nn::plot::draw(nn::plot::Page{
                         .width = l.page_width, .height = l.page_height, .words = words}));
  if (tiles.dark_gaps) {
    Image dark = white(l.width + 2 * tiles.gap, l.height + 2 * tiles.gap);
    std::fill(dark.pixels.begin(), dark.pixels.end(), std::uint8_t{0});
    paste_in_colours(page, dark, l.x - tiles.gap, l.y - tiles.gap);
  }
  return page;
}

}  // namespace

int factor_for(int pixels, int tiles, int size) { return std::max(1, pixels / (tiles * size)); }

std::vector<Image> pictures_of(const Tiles& tiles, const std::vector<std::vector<Image>>& sets) {
  Tiles shown = tiles;
  if (!sets.empty()) shown.images = sets[0];
  check(shown);
  std::vector<Image> pictures;
  const auto draw = [&] {
    const Layout layout(shown);
    const Image page = page_of(shown, layout);
    for (const std::vector<Image>& images : sets)
      pictures.push_back(with_images(page, layout, shown, images));
  };
  try {
    draw();
  } catch (const nn::ProgramError&) {
    shown.title = shown.x_label = shown.y_label = "";
    shown.row_labels = shown.column_labels = {};
    draw();
  }
  return pictures;
}

Image picture_of(const Tiles& tiles) { return pictures_of(tiles, {tiles.images})[0]; }

void write_tiles(const std::string& path, const Tiles& tiles) {
  write_png(path, picture_of(tiles));
}

}  // namespace pictures
