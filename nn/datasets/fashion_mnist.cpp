#include "nn/datasets/fashion_mnist.h"

#include "nn/datasets/mnist_files.h"

namespace nn::datasets {

TrainTest get_fashion_mnist(const ImageOptions& options, const std::string& folder) {
  return load_mnist(
      {.op = "get_fashion_mnist",
       .title = "Fashion-MNIST",
       .cache = "pfnet/chainer/fashion-mnist",
       .environment = "CHAINETTE_FASHION_MNIST_URL",
       .servers = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
       .sha256 = {},
       .md5 = {"8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
               "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"}},
      options, folder);
}

std::vector<std::string> get_fashion_mnist_labels() {
  return {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
          "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
}

TrainTest get_kuzushiji_mnist(const ImageOptions& options, const std::string& folder) {
  return load_mnist(
      {.op = "get_kuzushiji_mnist",
       .title = "Kuzushiji-MNIST",
       .cache = "pfnet/chainer/kuzushiji_mnist",
       .environment = "CHAINETTE_KUZUSHIJI_MNIST_URL",
       .servers = {"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
       .sha256 = {},
       .md5 = {"bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
               "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"}},
      options, folder);
}

std::vector<KuzushijiLabel> get_kuzushiji_mnist_labels() {
  return {{"o", "\u304a"},  {"ki", "\u304d"}, {"su", "\u3059"}, {"tsu", "\u3064"},
          {"na", "\u306a"}, {"ha", "\u306f"}, {"ma", "\u307e"}, {"ya", "\u3084"},
          {"re", "\u308c"}, {"wo", "\u3092"}};
}

}  // namespace nn::datasets
