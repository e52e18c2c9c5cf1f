#pragma once

#include <concepts>
#include <string>

#include "nn/datasets/image_dataset.h"

namespace nn::datasets {

// CIFAR-10 (A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009): 50,000
// colour images of 32 x 32 pixels in 10 classes for training, and 10,000 for testing.
// chainer.datasets.get_cifar10, with which it shares its cache. The data are looked for, in this
// order:
//   1. at `path`, if given: a folder with the files of the binary version, test_batch.bin and
//      data_batch_1.bin, data_batch_2.bin, ... (as many as there are), or the archive of the binary
//      version, cifar-10-binary.tar.gz;
//   2. in pfnet/chainer/cifar below dataset_root(): cifar-10.npz, as Chainer leaves it there;
//   3. on the author's server. The archive is checked by its SHA-256 and stored as in 2.
// $CHAINETTE_CIFAR10_URL, if set, is the address of the archive in 3.
//
// options.ndim is 3 for images (3, 32, 32), or 1 for (3072).
TrainTest get_cifar10(const ImageOptions& options = {.ndim = 3}, const std::string& path = {});
// By position, as Chainer: get_cifar10(false, 1).
TrainTest get_cifar10(std::same_as<bool> auto withlabel, int ndim = 3, double scale = 1) {
  return get_cifar10({.withlabel = withlabel, .ndim = ndim, .scale = scale});
}

// CIFAR-100, the same with 100 classes of 500 and 100 images. chainer.datasets.get_cifar100, whose
// labels are the fine ones. Likewise: at `path` are train.bin and test.bin, or
// cifar-100-binary.tar.gz, which is checked by its MD5; the cache is cifar-100.npz, and
// $CHAINETTE_CIFAR100_URL the address.
TrainTest get_cifar100(const ImageOptions& options = {.ndim = 3}, const std::string& path = {});
TrainTest get_cifar100(std::same_as<bool> auto withlabel, int ndim = 3, double scale = 1) {
  return get_cifar100({.withlabel = withlabel, .ndim = ndim, .scale = scale});
}

}  // namespace nn::datasets
