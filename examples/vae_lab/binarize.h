#pragma once

#include "examples/vae/images.h"

namespace vae::lab {

// Each pixel drawn once: 1 with its grey level as the probability, else 0. The generator is one of
// its own, so that the images are the same for every seed.
ImageSet drawn_once(ImageSet images);

}  // namespace vae::lab
