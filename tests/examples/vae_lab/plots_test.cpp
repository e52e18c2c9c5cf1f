#include "examples/vae_lab/plots.h"

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "autograd/autograd.h"
#include "tests/examples/pictures/read_png.h"
#include "tests/folder.h"
#include "tests/path.h"

namespace vae::lab {
namespace {

using autograd::Array;
using autograd::Shape;
using autograd::Variable;

constexpr int kSide = 8, kArea = kSide * kSide;

// Images of one brightness each, and `units` numbers as their code: the brightness, then zeros. The
// image of a code has the brightness (z[0] + 2 z[1] + 3 z[2] + ...) / 40 + 1/2.
Codec bright(int units) {
  return {[units](const Variable& x) {
            Array mu = Array::zeros({x.shape()[0], units}, x.dtype());
            mu.select(1, 0).assign(x.array().select(1, 0));
            return std::pair(Variable(mu), Variable(Array::zeros(mu.shape(), mu.dtype())));
          },
          [units](const Variable& z) {
            std::vector<float> values;
            const std::vector<float> codes = z.array().to_vector<float>();
            for (auto code = codes.begin(); code != codes.end(); code += units) {
              float sum = .5f;
              for (int u = 0; u < units; ++u) sum += code[u] * float(u + 1) / 40;
              values.insert(values.end(), kArea, sum);
            }
            return Variable(Array::from(std::span<const float>(values),
                                        Shape{std::int64_t(values.size()) / kArea, kArea}));
          }};
}

// n images of growing brightness, with the labels 0, 1, 2, 0, 1, 2, ...
ImageSet set_of(int n, bool labelled) {
  std::vector<float> values;
  std::vector<int> labels;
  for (int i = 0; i < n; ++i) {
    values.insert(values.end(), kArea, float(i) / float(n));
    labels.push_back(i % 3);
  }
  ImageSet images;
  images.test = Array::from(std::span<const float>(values), Shape{n, kArea});
  images.train = images.test;
  images.height = images.width = kSide;
  if (labelled) {
    images.test_labels = images.train_labels = Array::from(std::span<const int>(labels));
    images.classes = 3;
  }
  return images;
}

std::vector<std::string> missing;  // what gnuplot could not draw

int frames_of(const std::string& path) {
  GifFileType* file = DGifOpenFileName(path.c_str(), nullptr);
  if (file == nullptr || DGifSlurp(file) != GIF_OK) throw std::runtime_error(path + " is no GIF");
  const int frames = file->ImageCount;
  DGifCloseFile(file, nullptr);
  return frames;
}

const std::vector<std::string> kAlways{"reconstructions.png", "interpolation.png",
                                       "interpolation.gif",   "montage.gif",
                                       "montage.png",         "traversals.png"};

void expect_written(const Folder& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (name.ends_with(".gif")) {
      EXPECT_GT(frames_of(folder / name), 1) << name;
    } else {
      EXPECT_GT(read_png(folder / name).width, 50) << name;
    }
  EXPECT_EQ(folder.number_of_files(), names.size());
}

TEST(Plots, OfAnyCodeAreSix) {
  for (const bool labelled : {true, false}) {
    for (const int images : {1, 2, 3, 40}) {
      const Folder folder;
      const auto names = save_plots(bright(3), set_of(images, labelled), folder / "", missing);
      EXPECT_EQ(names, kAlways);
      expect_written(folder, names);
    }
  }
}

TEST(Plots, OfTwoUnitsAlsoShowTheirPlane) {
  for (const bool labelled : {true, false}) {
    for (const int images : {1, 40}) {
      const Folder folder;
      const auto names = save_plots(bright(2), set_of(images, labelled), folder / "", missing);
      std::vector<std::string> expected = kAlways;
      expected.push_back("latent_space.png");
      expected.push_back("latent_map.png");
      EXPECT_EQ(names, expected);
      expect_written(folder, names);
    }
  }
}

TEST(Plots, SayWhatNeedsGnuplot) {
  const Folder folder;
  const Path nowhere("/no/such/folder");
  std::vector<std::string> sentences;
  const auto names = save_plots(bright(2), set_of(40, true), folder / "", sentences);
  std::vector<std::string> expected = kAlways;
  expected.push_back("latent_map.png");
  EXPECT_EQ(names, expected);
  expect_written(folder, names);
  EXPECT_EQ(sentences, std::vector<std::string>{
                           "latent_space.png is not written: plot: gnuplot must be installed to "
                           "draw curves, but it is not: sudo apt install gnuplot-nox"});
}

TEST(Plots, OfAModelThatDivergedAreGrey) {
  const Codec broken({[](const Variable& x) {
                        const Variable nan(Array::full({x.shape()[0], 2}, NAN, x.dtype()));
                        return std::pair(nan, nan);
                      },
                      [](const Variable& z) {
                        return Variable(Array::full({z.shape()[0], kArea}, NAN, z.dtype()));
                      }});
  const Folder folder;
  expect_written(folder, save_plots(broken, set_of(40, true), folder / "", missing));
}

// The shades in one row of pixels, from left to right, of the runs that are `width` pixels wide and
// not white.
std::vector<int> tiles_along(const pictures::Image& image, int y, int width) {
  std::vector<int> shades;
  int run = 0;
  for (int x = 0; x < image.width; ++x) {
    const auto at = std::size_t(y) * std::size_t(image.width) + std::size_t(x);
    run = x > 0 && image.pixels[at] == image.pixels[at - 1] ? run + 1 : 1;
    const bool ends = x + 1 == image.width || image.pixels[at] != image.pixels[at + 1];
    if (ends && run == width && image.pixels[at] < 255) shades.push_back(image.pixels[at]);
  }
  return shades;
}

// Every row of tiles: each once, from top to bottom.
std::vector<std::vector<int>> tile_rows(const pictures::Image& image, int width) {
  std::vector<std::vector<int>> rows;
  bool inside = false;
  for (int y = 0; y < image.height; ++y) {
    const std::vector<int> shades = tiles_along(image, y, width);
    if (!inside && !shades.empty()) rows.push_back(shades);
    inside = !shades.empty();
  }
  return rows;
}

int shade(double brightness) {
  return static_cast<int>(std::lround(255 * std::min(std::max(brightness, 0.), 1.)));
}

// A tile of a traversal is the image of the code in which the row's unit has the column's value.
TEST(Plots, TraversalsShowWhatTheUnitsDo) {
  const Folder folder;
  const ImageSet set = set_of(30, true);
  save_plots(bright(3), set, folder / "", missing);
  const auto rows = tile_rows(read_png(folder / "traversals.png"), 64);
  // The typical image of class 2, the last of three: number 14 or 17, whose middle is 15.5; the
  // other units are 0 there, and z[0] alone differs between images.
  const double z0 = set.test.select(0, typical_images(set, 10).back()).select(0, 0).item();
  ASSERT_EQ(rows.size(), 3u);
  for (int row = 0; row < 3; ++row) {
    ASSERT_EQ(rows[std::size_t(row)].size(), 13u);
    for (int column = 0; column < 13; ++column) {
      const double value = -3 + .5 * column;
      const double z[] = {row == 0 ? value : z0, row == 1 ? value : 0, row == 2 ? value : 0};
      EXPECT_NEAR(rows[std::size_t(row)][std::size_t(column)],
                  shade(.5 + (z[0] + 2 * z[1] + 3 * z[2]) / 40), 1)
          << row << " " << column;
    }
  }
}

TEST(Plots, InterpolationsGoFromOneCodeToTheNext) {
  const Folder folder;
  const ImageSet set = set_of(30, true);
  save_plots(bright(3), set, folder / "", missing);
  const auto rows = tile_rows(read_png(folder / "interpolation.png"), 80);
  std::vector<double> codes;
  for (const std::int64_t i : typical_images(set, 10))
    codes.push_back(set.test.select(0, i).select(0, 0).item());
  ASSERT_EQ(codes.size(), 3u);
  ASSERT_EQ(rows.size(), 3u);
  for (std::size_t row = 0; row < 3; ++row) {
    ASSERT_EQ(rows[row].size(), 11u);
    // The inputs themselves stand outside.
    EXPECT_NEAR(rows[row].front(), shade(codes[row]), 1) << row;
    EXPECT_NEAR(rows[row].back(), shade(codes[(row + 1) % 3]), 1) << row;
    for (int column = 0; column < 9; ++column) {
      const double t = column / 8., z = (1 - t) * codes[row] + t * codes[(row + 1) % 3];
      EXPECT_NEAR(rows[row][std::size_t(column) + 1], shade(.5 + z / 40), 1)
          << row << " " << column;
    }
  }
}

TEST(Plots, ReconstructionsStandBelowTheirInputs) {
  const Folder folder;
  save_plots(bright(3), set_of(30, true), folder / "", missing);
  const auto rows = tile_rows(read_png(folder / "reconstructions.png"), 80);
  ASSERT_EQ(rows.size(), 4u);
  for (int column = 0; column < 3; ++column) {
    for (const int group : {0, 1}) {
      const double x = (column + 3 * group) / 30.;
      const auto at = std::size_t(column), top = std::size_t(2 * group);
      EXPECT_NEAR(rows[top][at], shade(x), 1);
      EXPECT_NEAR(rows[top + 1][at], shade(.5 + x / 40), 1);
    }
  }
}

// z[0] adds 1/40 a unit to the right, z[1] 1/20 a unit upwards.
TEST(Plots, MapGrowsToTheRightAndUpwards) {
  const Folder folder;
  save_plots(bright(2), set_of(30, true), folder / "", missing);
  const auto rows = tile_rows(read_png(folder / "latent_map.png"), 24);
  ASSERT_EQ(rows.size(), 25u);
  for (int row = 0; row < 25; ++row) {
    ASSERT_EQ(rows[std::size_t(row)].size(), 25u) << row;
    for (int column = 0; column < 25; ++column)
      EXPECT_NEAR(rows[std::size_t(row)][std::size_t(column)],
                  shade(.5 + (-2 + column / 6.) / 40 + (2 - row / 6.) / 20), 1)
          << row << " " << column;
  }
}

TEST(Plots, NeedAFolder) {
  const Folder folder;
  EXPECT_THROW(save_plots(bright(2), set_of(30, true), folder / "none", missing), autograd::Error);
  EXPECT_EQ(folder.number_of_files(), 0u);
}

}  // namespace
}  // namespace vae::lab
