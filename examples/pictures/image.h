#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Small pictures for the examples: digits as tiles of a grid, written as PNG.
namespace pictures {

// Rows from top to bottom, pixels from left to right, channels interleaved: grey (1) or red, green,
// blue (3), each 0 (dark) to 255.
struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<std::uint8_t> pixels;

  bool operator==(const Image&) const = default;
};

// The image of height * width values, 0 is black and 1 is white: round(255 * v), with v clamped to
// [0, 1]. NaN, which is neither, becomes the middle grey 128, so that it shows on either ground.
// Throws Error if the number of values is not height * width.
Image grey_image(std::span<const float> values, int width, int height);

// The same for three planes of values, (3, height, width): all of red, then green, then blue.
Image rgb_image(std::span<const float> values, int width, int height);

// Every pixel as a square of factor * factor pixels: nothing is smoothed, one sees the real pixels.
Image enlarge(const Image& image, int factor);

struct GridStyle {
  int gap = 6;               // pixels between tiles and around them
  std::uint8_t shade = 255;  // of the gaps and of cells that stay empty
};

// Tiles in rows, from left to right and top to bottom. Cells beyond the last image stay empty.
// Throws Error if there is no image, if images differ in size or channels, or if they are too many.
Image grid(std::span<const Image> images, int rows, int columns, GridStyle style = {});

// The image in the bytes of a PNG, in three channels. Throws Error if they are none.
Image decode_png(std::string_view png);

// Writes a PNG, 8 bits a channel. The file appears whole or not at all: it is written under a
// temporary name and renamed. Throws Error if the image is empty or the file cannot be written.
void write_png(const std::string& path, const Image& image);

}  // namespace pictures
