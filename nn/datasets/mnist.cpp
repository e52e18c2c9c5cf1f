#include "nn/datasets/mnist.h"

#include "nn/datasets/mnist_files.h"

namespace nn::datasets {

TrainTest get_mnist(const ImageOptions& options, const std::string& folder) {
  return load_mnist({.op = "get_mnist",
                     .title = "MNIST",
                     .cache = "pfnet/chainer/mnist",
                     .environment = "CHAINETTE_MNIST_URL",
                     .servers = {"https://storage.googleapis.com/cvdf-datasets/mnist/",
                                 "https://ossci-datasets.s3.amazonaws.com/mnist/"},
                     .sha256 = {"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
                     .md5 = {}},
                    options, folder);
}

}  // namespace nn::datasets
