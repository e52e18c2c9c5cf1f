#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "examples/flags/flags.h"

namespace vae::lab {

// The options of vae_lab: the flags of all versions of Chainer's example, and a few more.
struct LabOptions : flags::Training {
  int epoch = 100;
  int dim_z = 20, dim_h = 500;
  double beta = 1;
  std::string beta_schedule = "constant";
  double free_bits = 0;
  double rec_weight = 1;
  // Default: 1, or 0.25 if sigma is learned, which is about the sigma of images.
  std::optional<double> sigma;
  int k = 1;
  bool binary = false;            // whether pixels are black and white, by either method
  std::string binarize = "none";  // none, threshold (the same as --binary), or dynamic
  int batch_size = 100;
  bool conditional = false;      // whether encoder and decoder get the class as an input
  std::optional<int> eval_iwae;  // samples for the bound of the test set's log likelihood
  bool plot = false;             // pictures of the latent space

  std::string data = "digits";  // digits, mnist, or a folder with idx files
  std::string model = "question";
  std::string loss = "bernoulli_nll";
  std::string optimizer = "adam";
  std::optional<double> lr;  // default: that of the optimizer
  std::string act = "tanh";
  int layers = 2;
  std::string init = "lecun";
};

// Reads the command line, and the file that --config names (lines `flag = value`; the command line
// takes precedence). If --help is given, prints the help and returns no value. Throws
// autograd::Error for a wrong flag or value.
std::optional<LabOptions> parse_options(int argc, const char* const* argv, std::ostream& out);

}  // namespace vae::lab
