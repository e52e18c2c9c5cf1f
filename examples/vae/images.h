#pragma once

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "autograd/array/array.h"

namespace vae {

using autograd::Array;

// Images as rows of a matrix, pixels from 0 to 1.
struct ImageSet {
  Array train, test;  // float32(N, height * width)
  int height = 0, width = 0;
  std::optional<Array> train_labels = {}, test_labels = {};  // int32(N), both or none
  int classes = 0;                                           // labels lie in [0, classes)
};

// The images that Chainer's example shows.
inline constexpr std::array<std::int64_t, 9> kTrainShown = {1, 3, 5, 10, 2, 0, 13, 15, 17},
                                             kTestShown = {3, 2, 1, 18, 4, 8, 11, 17, 61};

// The rows of x with these indexes. Indexes beyond the end of x are ignored.
Array rows(const Array& x, std::span<const std::int64_t> indexes);

// Saves 3x3 tiled image
void save3x3(const Array& x, const ImageSet& images, const std::string& filename);

// Saves reconstruction images using:
// - training image samples: train.png, train_reconstructed.png
// - test image samples: test.png, test_reconstructed.png
// - randomly sampled values of z: sampled.png
void save_images(const std::function<Array(const Array& x)>& reconstruct,
                 const std::function<Array(int n)>& sample, const ImageSet& images,
                 const std::string& out_dir);

}  // namespace vae
