#pragma once

#include <optional>
#include <string>

#include "nn/datasets/image_dataset.h"

namespace nn::datasets {

// The street view house numbers (Y. Netzer and others, 2011): colour images (3, 32, 32) of a digit,
// 73,257 for training, 26,032 for testing and, if asked for, 531,131 easier ones besides. The label
// of a zero is 0. chainer.datasets.get_svhn, with which it shares its cache. The data are looked for,
// in this order:
//   1. in `folder`, if given: train_32x32.mat, test_32x32.mat, extra_32x32.mat;
//   2. in pfnet/chainer/svhn below the root of data sets: train.npz, test.npz, extra.npz, as Chainer
//      leaves them there;
//   3. on the authors' server. The files are checked by their MD5 and stored as in 2.
// $CHAINETTE_SVHN_URL, if set, is the address of the folder of the files in 3.
struct SvhnOptions {
  bool withlabel = true;
  double scale = 1;
  autograd::Dtype dtype = autograd::Dtype::float32;
  autograd::Dtype label_dtype = autograd::Dtype::int32;
  bool add_extra = false;
};
struct Svhn {
  TupleDataset train, test;
  std::optional<TupleDataset> extra;
};
Svhn get_svhn(const SvhnOptions& options = {}, const std::string& folder = {});

}  // namespace nn::datasets
