#ifdef CHAINETTE_HAVE_CAIRO

#include "examples/pictures/canvas.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pictures {
namespace {

using Lines = std::vector<std::string>;

std::vector<std::uint8_t> pixel(const Image& image, int x, int y) {
  const auto at = 3 * (std::size_t(y) * std::size_t(image.width) + std::size_t(x));
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

constexpr std::uint8_t kWhite = 255;

TEST(Canvas, ImageKeepsItsPixelsAsSquares) {
  Canvas canvas(8, 6, 1);
  const Image picture{2, 1, 3, {10, 20, 30, 40, 50, 60}};
  canvas.image({2, 1, 4, 4}, picture);
  const Image page = canvas.pixels();
  EXPECT_EQ(pixel(page, 1, 1), std::vector(3, kWhite));
  for (int y = 1; y < 5; ++y) {
    for (int x = 2; x < 4; ++x) {
      EXPECT_EQ(pixel(page, x, y), (std::vector<std::uint8_t>{10, 20, 30}));
      EXPECT_EQ(pixel(page, x + 2, y), (std::vector<std::uint8_t>{40, 50, 60}));
    }
  }
  EXPECT_EQ(pixel(page, 6, 4), std::vector(3, kWhite));
  EXPECT_EQ(pixel(page, 2, 5), std::vector(3, kWhite));
}

TEST(Canvas, GreyImageIsGrey) {
  Canvas canvas(1, 1, 1);
  canvas.image({0, 0, 1, 1}, {1, 1, 1, {77}});
  EXPECT_EQ(canvas.pixels(), (Image{1, 1, 3, {77, 77, 77}}));
}

TEST(Canvas, SharpLineCoversWholePixels) {
  for (const double y : {2.0, 2.3, 2.7}) {
    Canvas canvas(6, 6, 1);
    canvas.sharp_line({-2, y}, {8, y}, {{0, 0, 0}, 1});
    const Image page = canvas.pixels();
    EXPECT_EQ(pixel(page, 3, 1), std::vector(3, kWhite));
    EXPECT_EQ(pixel(page, 3, 2), (std::vector<std::uint8_t>{0, 0, 0}));
    EXPECT_EQ(pixel(page, 3, 3), std::vector(3, kWhite));
  }
}

TEST(Canvas, ClipHidesUntilUnclipped) {
  Canvas canvas(4, 1, 1);
  canvas.clip({0, 0, 1, 1});
  canvas.fill({0, 0, 3, 1}, {0, 0, 0});
  canvas.unclip();
  canvas.fill({2, 0, 1, 1}, {0, 0, 0});
  EXPECT_EQ(canvas.pixels(), (Image{4, 1, 3, {0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255}}));
}

TEST(Canvas, TextWrapsAtSpaces) {
  Canvas canvas(1, 1, 2);
  const Font font{.size = 10};
  EXPECT_EQ(canvas.wrap("", 100, font), Lines{});
  EXPECT_EQ(canvas.wrap("one two", 1000, font), Lines{"one two"});
  EXPECT_EQ(canvas.wrap("one two three", canvas.text_width("one two", font) + 1, font),
            (Lines{"one two", "three"}));
  EXPECT_EQ(canvas.wrap("longword x", 3, font), (Lines{"longword", "x"}));
  EXPECT_EQ(canvas.wrap("two\nlines", 1000, font), (Lines{"two", "lines"}));
}

TEST(Canvas, TextStandsInItsBox) {
  const Font font{.size = 20};
  for (const bool upwards : {false, true}) {
    Canvas canvas(100, 100, 1);
    const double along = canvas.text_width("Chain", font);
    const double across = canvas.line_height(font);
    canvas.text("Chain", {50, 50}, {0, 0, upwards}, font);
    const Image page = canvas.pixels();
    const double width = upwards ? across : along;
    const double height = upwards ? along : across;
    int dark = 0;
    for (int y = 0; y < 100; ++y) {
      for (int x = 0; x < 100; ++x) {
        if (pixel(page, x, y)[0] > 250) continue;
        ++dark;
        EXPECT_GE(x, 49);
        EXPECT_GE(y, 49);
        EXPECT_LE(x, 51 + width);
        EXPECT_LE(y, 51 + height);
      }
    }
    EXPECT_GT(dark, 50);
  }
}

}  // namespace
}  // namespace pictures

#endif
