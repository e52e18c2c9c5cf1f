#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nn/datasets/idx.h"

// MNIST and its kin: 60,000 and 10,000 grey images of 28 x 28 pixels in ten classes, in four idx
// files. What get_mnist(), get_fashion_mnist() and get_kuzushiji_mnist() share; not for programs.
namespace nn::datasets {

struct MnistFiles {
  const char* op;           // get_mnist, which begins messages
  const char* title;        // MNIST
  const char* cache;        // below the root of data sets
  const char* environment;  // the variable that replaces the servers
  std::vector<std::string> servers;
  // Of the images and the labels for training, and of those for testing: the SHA-256 of what the
  // files hold, or else the MD5 of the gzipped files.
  std::vector<std::string> sha256, md5;
};

TrainTest load_mnist(const MnistFiles& files, const ImageOptions& options,
                     const std::string& folder);

}  // namespace nn::datasets
