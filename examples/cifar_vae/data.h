#pragma once

#include <string>

#include "autograd/array/array.h"

namespace cifar_vae {

// Colour images (n, 3, 32, 32), pixels from 0 to 1.
struct ImageSet {
  autograd::Array train, test;
  std::string name;  // where they come from
};

// The images that --data names. Nothing named: CIFAR-10 if it can be had, else
// generated ones. `tiny` takes the first 200 images only, and does not
// download.
ImageSet load_images(const std::string& data, bool tiny);

// 2,000 images to train with and 400 to test that stand in where there are no
// others: a disc and a bar, of random colours, sizes and places, before a sky
// that fades into a ground. Always the same ones.
ImageSet generate_images();

}  // namespace cifar_vae
