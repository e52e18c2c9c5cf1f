#pragma once

#include <functional>
#include <string>

#include "examples/vae/images.h"
#include "examples/vae_lab/model.h"
#include "examples/vae_lab/options.h"

namespace vae::lab {

// Computes the importance-weighted bound of log p(x) with --eval-iwae samples, averaged over the
// test images, and returns it as a line:
//
//   Test log likelihood bound, K = 5000: -91.63 nats per image (Bernoulli pixels)
//
// The prior is N(0, 1). The loss determines the decoder p(x | z): Bernoulli pixels, or Gaussian
// pixels with sigma^2 = 1 / (2 c). --beta does not affect the bound. The noise comes from a
// separate generator with the seed --seed, so computing the bound changes no other result. Shows a
// progress bar if the output is a terminal.
std::string likelihood_bound(const LabOptions& options, const Model& model, const ImageSet& images);

}  // namespace vae::lab
