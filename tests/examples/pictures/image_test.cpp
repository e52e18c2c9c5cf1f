#include "examples/pictures/image.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "autograd/base/error.h"
#include "nn/files/read_file.h"
#include "tests/examples/pictures/read_png.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace pictures {
namespace {

using autograd::Error;
using Bytes = std::vector<std::uint8_t>;

Image ramp(int width, int height, int channels) {
  Image image{width, height, channels, {}};
  for (int i = 0; i < width * height * channels; ++i) {
    image.pixels.push_back(std::uint8_t(37 * i + 5));
  }
  return image;
}

TEST(Image, FloatsBecomeRoundedClampedBytes) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{0, 1, .5f, -3, 7, kInfinity, -kInfinity, NAN, .1f, 1e-9f};
  EXPECT_EQ(grey_image(values, 5, 2).pixels, (Bytes{0, 255, 128, 0, 255, 255, 0, 128, 26, 0}));
}

TEST(Image, PlanesAreInterleaved) {
  const std::vector<float> values{0, 1, /* green */ .2f, .4f, /* blue */ .6f, .8f};
  const Image image = rgb_image(values, 2, 1);
  EXPECT_EQ(image, (Image{2, 1, 3, {0, 51, 153, 255, 102, 204}}));
}

TEST(Image, NumberOfValuesMustFit) {
  const std::vector<float> values(5);
  EXPECT_EQ(message_of<Error>([&] { grey_image(values, 3, 2); }),
            "grey_image: the number of values must be 1 x 2 x 3 = 6, but is 5");
  EXPECT_EQ(message_of<Error>([&] { rgb_image(values, 3, 2); }),
            "rgb_image: the number of values must be 3 x 2 x 3 = 18, but is 5");
  EXPECT_EQ(message_of<Error>([&] { grey_image(values, -5, -1); }),
            "grey_image: width and height must be positive, but are -5 and -1");
}

TEST(Image, EnlargedPixelsAreSquares) {
  const Image small{2, 1, 3, {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(
      enlarge(small, 2),
      (Image{4, 2, 3, {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}}));
  EXPECT_EQ(enlarge(small, 1), small);
  EXPECT_EQ(message_of<Error>([&] { enlarge(small, 0); }),
            "enlarge: factor must lie in 1..1000, but is 0");
}

TEST(Image, GridPlacesTilesInRows) {
  const std::vector<Image> tiles{{1, 2, 1, {1, 2}}, {1, 2, 1, {3, 4}}, {1, 2, 1, {5, 6}}};
  const Image image = grid(tiles, 2, 2, {.gap = 1, .shade = 9});
  EXPECT_EQ(image, (Image{5, 7, 1, {9, 9, 9, 9, 9,  //
                                    9, 1, 9, 3, 9,  //
                                    9, 2, 9, 4, 9,  //
                                    9, 9, 9, 9, 9,  //
                                    9, 5, 9, 9, 9,  //
                                    9, 6, 9, 9, 9,  //
                                    9, 9, 9, 9, 9}}));
}

TEST(Image, GridOfDigitsHasItsSize) {
  const std::vector<Image> tiles(9, enlarge(ramp(28, 28, 1), 4));
  const Image image = grid(tiles, 3, 3);
  EXPECT_EQ(image.width, 3 * 112 + 4 * 6);
  EXPECT_EQ(image.height, 3 * 112 + 4 * 6);
  EXPECT_EQ(image.pixels[0], 255);
}

TEST(Image, GridOfColours) {
  const std::vector<Image> tiles{{1, 1, 3, {1, 2, 3}}, {1, 1, 3, {4, 5, 6}}};
  EXPECT_EQ(grid(tiles, 1, 2, {.gap = 0}), (Image{2, 1, 3, {1, 2, 3, 4, 5, 6}}));
}

TEST(Image, GridRefusesWhatDoesNotFit) {
  const std::vector<Image> tiles{ramp(2, 2, 1), ramp(2, 3, 1)};
  EXPECT_EQ(message_of<Error>([&] { grid(tiles, 1, 2); }),
            "grid: images must have the same size and channels, but one is 2 x 2 with 1 channels "
            "and 4 bytes and one is 2 x 3 with 1 channels and 6 bytes");
  EXPECT_EQ(message_of<Error>([&] { grid(tiles, 1, 1); }),
            "grid: a grid of 1 x 1 must get 1 to 1 images, but gets 2");
  EXPECT_EQ(message_of<Error>([&] { grid({}, 3, 3); }),
            "grid: a grid of 3 x 3 must get 1 to 9 images, but gets 0");
  EXPECT_EQ(message_of<Error>([&] { grid(tiles, 0, 2); }),
            "grid: rows and columns must be positive and gap at least 0, but are 0, 2 and 6");
}

TEST(Image, PngKeepsEveryPixel) {
  const Folder folder;
  for (const int channels : {1, 3}) {
    for (const auto& [width, height] : {std::pair{1, 1}, {7, 3}, {112, 90}}) {
      const Image image = ramp(width, height, channels);
      write_png(folder / "image.png", image);
      EXPECT_EQ(read_png(folder / "image.png"), image);
    }
  }
  EXPECT_EQ(folder.number_of_files(), 1u) << "a temporary file was left";
}

TEST(Image, DecodesAPng) {
  const Folder folder;
  const Image image = ramp(7, 3, 3);
  write_png(folder / "image.png", image);
  const nn::Bytes bytes = nn::read_file(folder / "image.png");
  const std::string_view png(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_EQ(decode_png(png), image);
  for (const std::size_t length : {std::size_t{0}, std::size_t{8}, png.size() / 2}) {
    EXPECT_THAT(message_of<Error>([&] { decode_png(png.substr(0, length)); }),
                testing::StartsWith("decode_png: the bytes must be a PNG, but libpng says '"));
  }
}

TEST(Image, UnwritablePathIsNamed) {
  const Folder folder;
  const std::string path = folder / "missing/image.png";
  EXPECT_EQ(
      message_of<Error>([&] { write_png(path, ramp(2, 2, 1)); }),
      "write_png: " + path + " must be writable, but writing failed: No such file or directory");
}

TEST(Image, FolderInTheFilesPlaceLeavesNothingBehind) {
  const Folder folder;
  const std::string path = folder / "image.png";
  std::filesystem::create_directory(path);
  EXPECT_EQ(message_of<Error>([&] { write_png(path, ramp(2, 2, 1)); }),
            "write_png: " + path + " must be writable, but writing failed: Is a directory");
  EXPECT_EQ(folder.number_of_files(), 1u);
}

TEST(Image, DamagedImageIsRefused) {
  const Folder folder;
  Image image = ramp(2, 2, 3);
  image.pixels.pop_back();
  EXPECT_EQ(message_of<Error>([&] { write_png(folder / "image.png", image); }),
            "write_png: an image must have a positive size, 1 or 3 channels and a byte for each "
            "value, but this one is 2 x 2 with 3 channels and 11 bytes");
  EXPECT_EQ(message_of<Error>([&] { write_png(folder / "image.png", Image{}); }),
            "write_png: an image must have a positive size, 1 or 3 channels and a byte for each "
            "value, but this one is 0 x 0 with 1 channels and 0 bytes");
  EXPECT_EQ(folder.number_of_files(), 0u);
}

}  // namespace
}  // namespace pictures
