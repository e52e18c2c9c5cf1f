#include "examples/vae/data.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/compare.h"
#include "autograd/base/error.h"
#include "nn/datasets/digits.h"
#include "nn/datasets/mnist.h"

namespace vae {
namespace {

using autograd::Array;

// Rows of pixels from images of shape (n, height, width).
Array prepare(Array images, bool binary, bool tiny) {
  if (tiny) images = images.slice(0, 0, std::min<std::int64_t>(100, images.length(0)));
  const Array x = images.reshape({images.length(0), images.length(1) * images.length(2)});
  if (!binary) return x;
  return autograd::array::greater_equal(x, Array::full({}, 0.5, x.dtype())).astype(x.dtype());
}

}  // namespace

ImageSet load_images(const std::string& data, bool binary, bool tiny) {
  namespace datasets = nn::datasets;
  const datasets::ImageOptions images_alone{.withlabel = false, .ndim = 2};
  const datasets::TrainTest set = data == "digits"  ? datasets::get_digits(images_alone)
                                  : data == "mnist" ? datasets::get_mnist(images_alone)
                                                    : datasets::get_mnist(images_alone, data);
  const Array &train = set.train.arrays()[0], &test = set.test.arrays()[0];
  if (test.length(1) != train.length(1) || test.length(2) != train.length(2))
    throw autograd::Error(
        fmt::format("train_vae: images to train and to test with must have one size, but those in "
                    "{} are {}x{} and {}x{}",
                    data, train.length(2), train.length(1), test.length(2), test.length(1)));
  return {prepare(train, binary, tiny), prepare(test, binary, tiny),
          static_cast<int>(train.length(1)), static_cast<int>(train.length(2))};
}

}  // namespace vae
