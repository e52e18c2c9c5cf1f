#pragma once

#include <string_view>

#include "nn/datasets/tuple_dataset.h"

namespace nn::datasets {

// Chainer's arguments of get_mnist.
struct ImageOptions {
  // Whether an example is (image, label) or the image alone.
  bool withlabel = true;
  // The shape of an image: 1 is (pixels), 2 is (height, width), 3 is (channels, height, width),
  // with one channel if it is grey.
  int ndim = 1;
  // What the brightest pixel becomes; the darkest one is 0.
  double scale = 1;
  autograd::Dtype dtype = autograd::Dtype::float32;
  autograd::Dtype label_dtype = autograd::Dtype::int32;
  // With ndim 3 and grey images, (3, height, width): three times the same.
  bool rgb_format = false;
};

struct TrainTest {
  TupleDataset train, test;
};

// Grey images of shape (n, height, width), or (n, channels, height, width), as a dataset: each
// pixel times scale / brightest, in the images' own precision, as Chainer computes it. (Dividing by
// 255 instead gives another last bit for some pixels.) `labels` may be no array where
// options.withlabel is false.
TupleDataset image_dataset(const Array& images, const Array& labels, double brightest,
                           const ImageOptions& options);

// Throws unless the labels are integers from 0 to classes - 1, and names the first that is not and
// its place; `what` begins the message.
void require_labels(const Array& labels, std::int64_t classes, std::string_view what);

}  // namespace nn::datasets
