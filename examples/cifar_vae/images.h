#pragma once

#include <string>

#include "autograd/array/array.h"

namespace cifar_vae {

// Writes at most 64 of the colour images (n, 3, 32, 32) as a grid of 8 columns, enlarged by 2.
void save_grid(const autograd::Array& images, const std::string& path);

}  // namespace cifar_vae
