#pragma once

#include <span>

#include "autograd/array/array.h"

namespace autograd::array {

// Concatenates arrays along an axis. All have one dtype and, except along this axis, one shape.
Array concat(std::span<const Array> xs, int axis);

}  // namespace autograd::array
