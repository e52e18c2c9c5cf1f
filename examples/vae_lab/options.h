#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "examples/flags/flags.h"

namespace vae::lab {

// What the user asked vae_lab for. The flags are those of Chainer's examples, of all generations,
// and a few more.
struct LabOptions : flags::Training {
  int epoch = 100;
  int dim_z = 20, dim_h = 500;
  double beta = 1;
  std::string beta_schedule = "constant";
  double free_bits = 0;
  double rec_weight = 1;
  std::optional<double> sigma;  // 1 if none, and 0.25 where it is learned: about that of images
  int k = 1;
  bool binary = false;            // whether pixels are black and white, in either way:
  std::string binarize = "none";  // threshold, which is what --binary asks for, or dynamic
  int batch_size = 100;
  bool conditional = false;      // whether encoder and decoder are told the class
  std::optional<int> eval_iwae;  // draws for the bound of the test set's log likelihood
  bool plot = false;             // pictures of the latent space

  std::string data = "digits";  // digits, mnist, or a folder with idx files
  std::string model = "question";
  std::string loss = "bernoulli_nll";
  std::string optimizer = "adam";
  std::optional<double> lr;  // the optimizer's own default if none
  std::string act = "tanh";
  int layers = 2;
  std::string init = "lecun";
};

// Reads the command line, and the file that --config names (lines `flag = value`; the command line
// wins). No value if it asked for help only, which is then printed. Throws autograd::Error with one
// sentence for a wrong flag or value.
std::optional<LabOptions> parse_options(int argc, const char* const* argv, std::ostream& out);

}  // namespace vae::lab
