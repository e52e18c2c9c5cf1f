#pragma once

#include <functional>
#include <optional>
#include <string>

#include "autograd/array/array.h"

namespace vae {

// Images as rows of a matrix, pixels from 0 to 1.
struct ImageSet {
  autograd::Array train, test;  // float32(N, height * width)
  int height = 0, width = 0;
  std::optional<autograd::Array> train_labels = {}, test_labels = {};  // int32(N), both or none
  int classes = 0;                                                     // labels lie in [0, classes)
};

// What the pictures need of a trained model, of either kind.
struct PictureModel {
  // Through the mean of the code. A conditional model is given x with its classes.
  std::function<autograd::Array(const autograd::Array& x)> reconstruct;
  // Images of n draws of z. A conditional model draws every class from each of them.
  std::function<autograd::Array(int n)> sample;
  int classes = 0;  // of a conditional model
};

// Writes the five 3x3 grids of Chainer's example into `folder`: train.png, train_reconstructed.png,
// test.png, test_reconstructed.png (the same images as Chainer's, where the set has them) and
// sampled.png. Samples of a conditional model are five rows of one z each, decoded as every class.
void save_images(const PictureModel& model, const ImageSet& images, const std::string& folder);

}  // namespace vae
