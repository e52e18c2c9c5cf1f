#pragma once

#include <string>

#include "autograd/array/array.h"

namespace cifar_vae {

// Colour images (n, 3, 32, 32), pixels from 0 to 1.
struct ImageSet {
  autograd::Array train, test;
  std::string name;  // the source of the images
};

// Loads the images that --data names. If --data is empty: CIFAR-10 if it is in Chainer's cache or
// can be downloaded, else generated images. With `tiny`, uses only the first 200 images, and does
// not download.
ImageSet load_images(const std::string& data, bool tiny);

// Generates 2,000 training images and 400 test images: a disc and a bar of random colours, sizes
// and positions, in front of a colour gradient. The images are always the same.
ImageSet generate_images();

}  // namespace cifar_vae
