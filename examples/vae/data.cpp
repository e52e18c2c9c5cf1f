#include "examples/vae/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "autograd/array/compare.h"
#include "autograd/base/error.h"
#include "nn/datasets/digits.h"
#include "nn/datasets/idx.h"
#include "nn/datasets/mnist.h"

namespace vae {
namespace {

using autograd::Array;

Array first_hundred(const Array& x) {
  return x.slice(0, 0, std::min<std::int64_t>(100, x.length(0)));
}

// Rows of pixels from images of shape (n, height, width).
Array prepare(Array images, bool binary, bool tiny) {
  if (tiny) images = first_hundred(images);
  const Array x = images.reshape({images.length(0), images.length(1) * images.length(2)});
  if (!binary) return x;
  return autograd::array::greater_equal(x, Array::full({}, 0.5, x.dtype())).astype(x.dtype());
}

bool has_labels(const std::string& folder) {
  const auto there = [&](const std::string& name) {
    const std::string path = (std::filesystem::path(folder) / name).string();
    return std::filesystem::exists(path) || std::filesystem::exists(path + ".gz");
  };
  return there(nn::datasets::kIdxTrain.labels) && there(nn::datasets::kIdxTest.labels);
}

int number_of_classes(const Array& train_labels, const Array& test_labels) {
  int largest = 0;
  for (const Array& labels : {train_labels, test_labels})
    for (int label : labels.to_vector<int>()) largest = std::max(largest, label);
  return largest + 1;
}

}  // namespace

ImageSet load_images(const std::string& data, bool binary, bool tiny) {
  namespace datasets = nn::datasets;
  const bool embedded = data == "digits", mnist = data == "mnist";
  const datasets::ImageOptions options{.withlabel = embedded || mnist || has_labels(data),
                                       .ndim = 2};
  const datasets::TrainTest set = embedded ? datasets::get_digits(options)
                                  : mnist  ? datasets::get_mnist(options)
                                           : datasets::get_mnist(options, data);
  const Array &train = set.train.arrays()[0], &test = set.test.arrays()[0];
  if (test.length(1) != train.length(1) || test.length(2) != train.length(2))
    throw autograd::Error(
        fmt::format("load_images: training and test images must have the same size, but those in "
                    "{} are {}x{} and {}x{}",
                    data, train.length(2), train.length(1), test.length(2), test.length(1)));
  ImageSet images{.train = prepare(train, binary, tiny),
                  .test = prepare(test, binary, tiny),
                  .height = static_cast<int>(train.length(1)),
                  .width = static_cast<int>(train.length(2))};
  if (options.withlabel) {
    const Array &t = set.train.arrays()[1], &u = set.test.arrays()[1];
    images.train_labels = tiny ? first_hundred(t) : t;
    images.test_labels = tiny ? first_hundred(u) : u;
    images.classes = number_of_classes(t, u);
  }
  return images;
}

}  // namespace vae
