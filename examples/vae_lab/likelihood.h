#pragma once

#include <functional>
#include <string>

#include "examples/vae/images.h"
#include "examples/vae_lab/model.h"
#include "examples/vae_lab/options.h"

namespace vae::lab {

// The importance-weighted bound of log p(x) with --eval-iwae draws, averaged over the test images,
// as a line:
//
//   Test log likelihood bound, K = 5000: -91.63 nats an image (Bernoulli pixels)
//
// The prior is N(0, 1), and the decoder p(x | z) is what the loss says it is: Bernoulli pixels, or
// Gaussian ones with sigma^2 = 1 / (2 c). A --beta is part of neither. The noise comes from a
// generator of its own, seeded by --seed: nothing else changes because the bound is asked for.
// Shows how far it is where the output is a terminal.
std::string likelihood_bound(const LabOptions& options, const Model& model, const ImageSet& images);

}  // namespace vae::lab
