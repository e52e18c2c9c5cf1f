#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "examples/flags/flags.h"

namespace cifar_vae {

// What the user asked train_cifar_vae for. The notebook's own settings are --ch
// 512 --batch-size 1000 --epoch 500.
struct CifarVaeOptions : flags::Training {
  std::string data;  // a folder or an archive; generated; or empty: what is found
  int ch = 64, batch_size = 100, epoch = 20, dim_z = 50, k = 1;
  double beta = 1;
  std::string loss = "mean_squared_error_255";
  int snapshot_interval = 100;
};

// What 255 is in --loss: the brightness of a white pixel.
double brightness(const CifarVaeOptions& options);

// Reads the command line, as vae::parse_options.
std::optional<CifarVaeOptions> parse_options(int argc, const char* const* argv, std::ostream& out);

}  // namespace cifar_vae
