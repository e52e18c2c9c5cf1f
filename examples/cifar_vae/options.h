#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "examples/flags/flags.h"

namespace cifar_vae {

// The options of train_cifar_vae. The notebook's settings are --ch 512 --batch-size 1000 --epoch
// 500.
struct CifarVaeOptions : flags::Training {
  std::string data;  // a folder or an archive; cifar10; generated; or empty: see load_images()
  int ch = 64, batch_size = 100, epoch = 20, dim_z = 50, k = 1;
  double beta = 1;
  std::string loss = "mean_squared_error_255";
  int snapshot_interval = 100;
};

// The brightness of a white pixel in --loss: 255 or 1.
double brightness(const CifarVaeOptions& options);

// Reads the command line. If --help is given, prints the help and returns no value. Throws
// autograd::Error for a wrong flag or value.
std::optional<CifarVaeOptions> parse_options(int argc, const char* const* argv, std::ostream& out);

}  // namespace cifar_vae
