#pragma once

#include <string_view>

#include "nn/datasets/tuple_dataset.h"

namespace nn::datasets {

// The arguments of Chainer's get_mnist.
struct ImageOptions {
  // Whether an example is (image, label) or the image alone.
  bool withlabel = true;
  // The shape of an image: 1 is (pixels), 2 is (height, width), 3 is (channels, height, width),
  // with one channel if it is grey.
  int ndim = 1;
  // The value of the brightest pixel; the darkest one is 0.
  double scale = 1;
  autograd::Dtype dtype = autograd::Dtype::float32;
  autograd::Dtype label_dtype = autograd::Dtype::int32;
  // For grey images and ndim = 3, repeat the channel: (3, height, width).
  bool rgb_format = false;
};

struct TrainTest {
  TupleDataset train, test;
};

// A dataset of grey images (n, height, width) or of images (n, channels, height, width). Each pixel
// is multiplied by scale / brightest, in the dataset's precision, as Chainer does. (Dividing by 255
// instead would change the last bit of some pixels.) `labels` may be an empty handle if
// options.withlabel is false.
TupleDataset image_dataset(const Array& images, const Array& labels, double brightest,
                           const ImageOptions& options);

// Throws Error, beginning with `what`, unless the labels are integers from 0 to classes - 1. The
// message gives the first invalid label and its position.
void require_labels(const Array& labels, std::int64_t classes, std::string_view what);

}  // namespace nn::datasets
