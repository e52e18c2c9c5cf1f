#pragma once

#include <concepts>
#include <string>

#include "nn/datasets/image_dataset.h"

namespace nn::datasets {

// MNIST (LeCun, Cortes, Burges): 60,000 handwritten digits of 28 x 28 pixels to train with, and
// 10,000 to test. chainer.datasets.get_mnist, with which it shares its cache. They are looked for
//   1. in `folder`, if one is named: the four idx files, plain or gzipped;
//   2. in pfnet/chainer/mnist below dataset_root(): train.npz and test.npz, as Chainer leaves them
//   there;
//   3. in the same place: the four idx files;
//   4. on servers. What they give is checked by its SHA-256 and left in 2.
// $CHAINETTE_MNIST_URL, if set, is the address that the files' names are put after in 4, instead of
// those of the public servers.
TrainTest get_mnist(const ImageOptions& options = {}, const std::string& folder = {});
// By position, as Chainer: get_mnist(false, 3).
TrainTest get_mnist(std::same_as<bool> auto withlabel, int ndim = 1, double scale = 1) {
  return get_mnist({.withlabel = withlabel, .ndim = ndim, .scale = scale});
}

}  // namespace nn::datasets
