#pragma once

#include "autograd/graph/variable.h"

namespace autograd {

// Images x (N, C, H, W) at the points (u, v): u pixels from the left, v from the top, both (N,
// ...); gives (N, C, ...), bilinearly interpolated between four pixels. Outside of an image there
// are zeros: the value fades out over one pixel. Beyond, the value is 0, and so is the gradient of
// the point. On a pixel the gradient is the one to the right and downward of it.
Variable bilinear_samples(const Variable& x, const Variable& u, const Variable& v);

}  // namespace autograd
