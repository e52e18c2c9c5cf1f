#pragma once

#include <string>

#include "autograd/array/array.h"

namespace cifar_vae {

// Writes colour images (n, 3, 32, 32), at most 64 of them, as a grid of 8
// columns, enlarged twice.
void save_grid(const autograd::Array& images, const std::string& path);

}  // namespace cifar_vae
