#pragma once

#include <concepts>
#include <string>
#include <vector>

#include "nn/datasets/image_dataset.h"

namespace nn::datasets {

// Fashion-MNIST (H. Xiao, K. Rasul, R. Vollgraf, 2017): grey images of 28 x 28 pixels of ten kinds of
// clothes, 60,000 for training and 10,000 for testing. chainer.datasets.get_fashion_mnist. The data
// are looked for as those of get_mnist(), in pfnet/chainer/fashion-mnist and, by
// $CHAINETTE_FASHION_MNIST_URL, on another server. Downloads are checked by their MD5.
TrainTest get_fashion_mnist(const ImageOptions& options = {}, const std::string& folder = {});
// By position, as Chainer: get_fashion_mnist(false, 3).
TrainTest get_fashion_mnist(std::same_as<bool> auto withlabel, int ndim = 1, double scale = 1) {
  return get_fashion_mnist({.withlabel = withlabel, .ndim = ndim, .scale = scale});
}
// The names of the ten classes: "T-shirt/top", ...
std::vector<std::string> get_fashion_mnist_labels();

// Kuzushiji-MNIST (T. Clanuwat and others, 2018): Japanese characters as they were written in books
// of the Edo period, in the form of MNIST. chainer.datasets.get_kuzushiji_mnist. Likewise, in
// pfnet/chainer/kuzushiji_mnist, or by $CHAINETTE_KUZUSHIJI_MNIST_URL.
TrainTest get_kuzushiji_mnist(const ImageOptions& options = {}, const std::string& folder = {});
TrainTest get_kuzushiji_mnist(std::same_as<bool> auto withlabel, int ndim = 1, double scale = 1) {
  return get_kuzushiji_mnist({.withlabel = withlabel, .ndim = ndim, .scale = scale});
}
// The ten characters: how they are read, and themselves.
struct KuzushijiLabel {
  std::string romaji, character;  // "o", "\u304a"
};
std::vector<KuzushijiLabel> get_kuzushiji_mnist_labels();

}  // namespace nn::datasets
