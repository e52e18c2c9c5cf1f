#pragma once

#include <span>

#include "autograd/array/array.h"

namespace autograd::array {

// The arrays side by side along an axis; all have one dtype and, but for that axis, one shape.
Array concat(std::span<const Array> xs, int axis);

}  // namespace autograd::array
