#pragma once

#include "examples/vae/images.h"

namespace vae::lab {

// Data for which the linear theory of collapse is wrong below its border: 20,000 images of 28 x 28
// pixels to train with and 2,000 to test, of faint noise, and in one of fifty, at random, a white
// square of 19 x 19 pixels (label 1, the others 0). A rare feature adds little to the variance, but
// a decoder that is not linear can draw it for a code of its own. The same images for every seed.
ImageSet rare_squares();

// What --data names: rare_squares, or what vae::load_images() knows.
inline constexpr char kKnownData[] =
    "digits (embedded), mnist, rare_squares (noise, and in one of fifty images a white square), or "
    "a folder with idx files";
ImageSet load_images(const std::string& data, bool binary, bool tiny);

}  // namespace vae::lab
