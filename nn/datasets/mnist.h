#pragma once

#include <concepts>
#include <string>

#include "nn/datasets/image_dataset.h"

namespace nn::datasets {

// MNIST (LeCun, Cortes, Burges): 60,000 handwritten digits of 28 x 28 pixels for training, and
// 10,000 for testing. chainer.datasets.get_mnist, with which it shares its cache. The data are
// looked for, in this order:
//   1. in `folder`, if given: the four idx files, plain or gzipped;
//   2. in pfnet/chainer/mnist below dataset_root(): train.npz and test.npz, as Chainer leaves them
//      there;
//   3. in the same folder: the four idx files;
//   4. on public servers. Downloads are checked by their SHA-256 and stored as in 2.
// $CHAINETTE_MNIST_URL, if set, replaces the public servers: the address to which the file names
// are appended.
TrainTest get_mnist(const ImageOptions& options = {}, const std::string& folder = {});
// By position, as Chainer: get_mnist(false, 3).
TrainTest get_mnist(std::same_as<bool> auto withlabel, int ndim = 1, double scale = 1) {
  return get_mnist({.withlabel = withlabel, .ndim = ndim, .scale = scale});
}

}  // namespace nn::datasets
