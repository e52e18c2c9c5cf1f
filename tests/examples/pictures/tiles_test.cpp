#include "examples/pictures/tiles.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "autograd/base/error.h"
#include "tests/examples/pictures/read_png.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/path.h"

namespace pictures {
namespace {

using autograd::Error;

// Images of one shade each.
Tiles tiles_of(int count, int columns, int channels = 1) {
  Tiles tiles;
  for (int i = 0; i < count; ++i)
    tiles.images.push_back(
        {4, 3, channels,
         std::vector<std::uint8_t>(std::size_t(12 * channels), std::uint8_t(60 + i))});
  tiles.columns = columns;
  tiles.factor = 5;
  return tiles;
}

Image drawn(const Tiles& tiles) {
  const Folder folder;
  write_tiles(folder / "tiles.png", tiles);
  return read_png(folder / "tiles.png");
}

struct Found {
  int left = -1, top = -1, right = -1, bottom = -1;
  int count = 0;
};

// Where a shade lies in a grey picture.
Found find(const Image& image, int shade) {
  Found found;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const auto at = std::size_t(y) * std::size_t(image.width) + std::size_t(x);
      if (image.pixels[at] != shade) continue;
      if (found.count++ == 0) found = {x, y, x, y, 1};
      found.left = std::min(found.left, x);
      found.right = std::max(found.right, x);
      found.bottom = y;
    }
  }
  return found;
}

TEST(Tiles, LieInRowsAndKeepTheirPixelsAsSquares) {
  const Image image = drawn(tiles_of(6, 3));
  ASSERT_EQ(image.channels, 1);
  const Found first = find(image, 60);
  for (int i = 0; i < 6; ++i) {
    const Found tile = find(image, 60 + i);
    EXPECT_EQ(tile.left, first.left + i % 3 * (20 + 4)) << i;
    EXPECT_EQ(tile.top, first.top + i / 3 * (15 + 4)) << i;
    EXPECT_EQ(tile.right, tile.left + 19) << i;
    EXPECT_EQ(tile.bottom, tile.top + 14) << i;
    EXPECT_EQ(tile.count, 20 * 15) << i;
  }
}

TEST(Tiles, OfColoursStayColoured) {
  Tiles tiles = tiles_of(1, 1, 3);
  for (std::size_t i = 0; i < 36; i += 3) tiles.images[0].pixels[i] = 200;
  const Image image = drawn(tiles);
  EXPECT_EQ(image.channels, 3);
  EXPECT_NE(std::search_n(image.pixels.begin(), image.pixels.end(), 1, 200), image.pixels.end());
}

TEST(Tiles, HaveAFactorThatFillsARow) {
  EXPECT_EQ(factor_for(84, 1, 28), 3);
  EXPECT_EQ(factor_for(84, 1, 8), 10);
  EXPECT_EQ(factor_for(800, 25, 8), 4);
  EXPECT_EQ(factor_for(800, 25, 100), 1);
}

TEST(Tiles, RefuseWhatDoesNotFit) {
  const Folder folder;
  const auto refusal = [&](const Tiles& tiles) {
    return message_of<Error>([&] { write_tiles(folder / "tiles.png", tiles); });
  };
  EXPECT_EQ(
      refusal({}),
      "write_tiles: the images must fill one or more rows, but there are 0 images for rows of 1");
  EXPECT_EQ(
      refusal(tiles_of(5, 2)),
      "write_tiles: the images must fill one or more rows, but there are 5 images for rows of 2");
  Tiles tiles = tiles_of(6, 3);
  tiles.row_labels = {"one", "two", "three"};
  EXPECT_EQ(refusal(tiles),
            "write_tiles: 2 x 3 tiles must have as many labels or none, but they have 3 and 0");
  tiles = tiles_of(6, 3);
  tiles.factor = 0;
  EXPECT_EQ(refusal(tiles),
            "write_tiles: factor must lie in 1..1000, gap and rows_in_group be at least 0, but "
            "they are 0, 4 and 0");
  tiles = tiles_of(6, 3);
  tiles.images[4] = {3, 4, 1, std::vector<std::uint8_t>(12)};
  EXPECT_THAT(refusal(tiles),
              testing::StartsWith("grid: images must have the same size and channels, but "));
  EXPECT_EQ(folder.number_of_files(), 0u);
  EXPECT_THROW(write_tiles(folder / "none/tiles.png", tiles_of(1, 1)), Error);
}

TEST(Tiles, StandInGroups) {
  Tiles tiles = tiles_of(4, 1);
  tiles.rows_in_group = 2;
  const Image image = drawn(tiles);
  EXPECT_EQ(find(image, 61).top - find(image, 60).bottom, 1 + 4);
  EXPECT_GT(find(image, 62).top - find(image, 61).bottom, 1 + 8);
  EXPECT_EQ(find(image, 63).top - find(image, 62).bottom, 1 + 4);
}

TEST(Tiles, MayHaveDarkGaps) {
  Tiles tiles = tiles_of(4, 2);
  tiles.dark_gaps = true;
  const Found dark = find(drawn(tiles), 0);
  EXPECT_EQ(dark.right - dark.left + 1, 2 * 20 + 3 * 4);
  EXPECT_EQ(dark.bottom - dark.top + 1, 2 * 15 + 3 * 4);
}

int dark_pixels(const Image& image) {
  return int(std::count_if(image.pixels.begin(), image.pixels.end(), [](int p) { return p < 50; }));
}

// Where gnuplot is not installed, the tiles stand without words.
TEST(Tiles, HaveTheirWordsWhereTheyCan) {
  Tiles tiles = tiles_of(6, 3);
  const int plain = dark_pixels(drawn(tiles));
  EXPECT_EQ(plain, 0);
  tiles.row_labels = {"first", "second"};
  const int labelled = dark_pixels(drawn(tiles));
  EXPECT_GT(labelled, 50);
  tiles.title = "Title";
  EXPECT_GT(dark_pixels(drawn(tiles)), labelled + 20);
  const Path nowhere("/no/such/folder");
  const Image without = drawn(tiles);
  EXPECT_EQ(dark_pixels(without), 0);
  EXPECT_EQ(find(without, 65).count, 20 * 15);
}

TEST(Tiles, OfAFilmHaveTheSameWords) {
  Tiles tiles = tiles_of(4, 2);
  tiles.column_labels = {"a", "b"};
  const std::vector<Image> second(4, {4, 3, 1, std::vector<std::uint8_t>(12, 99)});
  const std::vector<Image> film = pictures_of(tiles, {tiles.images, second});
  ASSERT_EQ(film.size(), 2u);
  EXPECT_EQ(film[0], picture_of(tiles));
  tiles.images = second;
  EXPECT_EQ(film[1], picture_of(tiles));
  EXPECT_TRUE(pictures_of(tiles, {}).empty());
}

// Words make the picture larger instead of being cut off or covering the tiles.
TEST(Tiles, LeaveRoomForTheirWords) {
  const std::string word(30, 'W');
  for (const bool below : {false, true}) {
    for (const int count : {1, 6}) {
      Tiles tiles = tiles_of(count, count == 1 ? 1 : 3);
      tiles.title = word + " " + word;
      tiles.row_labels.assign(count == 1 ? 1 : 2, word);
      tiles.column_labels.assign(count == 1 ? 1 : 3, word);
      tiles.x_label = word;
      tiles.y_label = word;
      tiles.labels_below = below;
      const Image image = drawn(tiles);
      for (int i = 0; i < count; ++i) EXPECT_GE(find(image, 60 + i).count, 20 * 15);
      for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
          if (x > 2 && y > 2 && x < image.width - 3 && y < image.height - 3) continue;
          ASSERT_EQ(image.pixels[std::size_t(y) * std::size_t(image.width) + std::size_t(x)], 255)
              << x << ", " << y;
        }
      }
    }
  }
}

}  // namespace
}  // namespace pictures
