#pragma once

#include "examples/vae/images.h"

namespace vae::lab {

// Samples each pixel once: 1 with its grey level as the probability, else 0. Uses its own
// generator, so that the images are equal for every seed.
ImageSet drawn_once(ImageSet images);

}  // namespace vae::lab
