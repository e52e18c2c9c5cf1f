#pragma once

#include "examples/vae/images.h"

namespace vae::lab {

// Data for which the linear theory of collapse is wrong below its border. There are 20,000 training
// images and 2,000 test images of 28 x 28 pixels with faint noise. One image in fifty, at random,
// has a white square of 19 x 19 pixels (label 1; all other images have the label 0). A rare feature
// adds little to the variance, but a nonlinear decoder can use a code for it. The images are equal
// for every seed.
ImageSet rare_squares();

// Loads the data set that --data names: rare_squares, or a data set of vae::load_images().
inline constexpr char kKnownData[] =
    "the data set: digits (embedded), mnist, rare_squares (noise, with a white square in one image "
    "of fifty), or a folder with idx files";
ImageSet load_images(const std::string& data, bool binary, bool tiny);

}  // namespace vae::lab
