#include "examples/pictures/tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "autograd/base/error.h"
#ifdef CHAINETTE_HAVE_CAIRO
#include "examples/pictures/draw_tiles.h"
#endif

namespace pictures {
namespace {

using autograd::Error;

void check(const Tiles& tiles) {
  const std::size_t count = tiles.images.size(), columns = std::size_t(std::max(tiles.columns, 1));
  if (tiles.columns < 1 || count == 0 || count % columns != 0)
    throw Error(
        fmt::format("write_tiles: images must fill one row or more, but they are {} for rows of {}",
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

}  // namespace

int factor_for(int pixels, int tiles, int size) { return std::max(1, pixels / (tiles * size)); }

Image picture_of(const Tiles& tiles) {
  check(tiles);
  const int rows = int(tiles.images.size()) / tiles.columns;
  // This also checks that the images are of one kind.
  const Image plain = grid(tiles.images, rows, tiles.columns, {.gap = 0});
#ifdef CHAINETTE_HAVE_CAIRO
  const Image picture = draw(tiles);
  if (plain.channels == 3) return picture;
  Image grey{picture.width, picture.height, 1, {}};
  for (std::size_t i = 0; i < picture.pixels.size(); i += 3)
    grey.pixels.push_back(picture.pixels[i]);
  return grey;
#else
  std::vector<Image> images;
  for (const Image& image : tiles.images) images.push_back(enlarge(image, tiles.factor));
  return grid(images, rows, tiles.columns,
              {.gap = tiles.gap, .shade = std::uint8_t(tiles.dark_gaps ? 0 : 255)});
#endif
}

void write_tiles(const std::string& path, const Tiles& tiles) {
  write_png(path, picture_of(tiles));
}

}  // namespace pictures
