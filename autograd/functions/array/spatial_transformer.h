#pragma once

#include "autograd/graph/function_node.h"

// Sampling images at computed points; Chainer's functions/array. On float32 and float64.
// M. Jaderberg and others, arXiv:1506.02025.
namespace autograd::inline functions {

// The points that an affine map sends a regular grid to: theta (N, 2, 3) gives (N, 2, height,
// width), theta times (x, y, 1) for x and y in [-1, 1], where -1 and 1 are the centres of the pixels
// at the corners; channel 0 is x, along the width. An axis with one point has it at -1.
Variable spatial_transformer_grid(const Variable& theta, HeightWidth output_shape);

// Images x (N, C, H, W) at the points of `grid` (N, 2, height, width), as
// spatial_transformer_grid() gives them: (N, C, height, width). Between pixels values are
// interpolated bilinearly. Outside of an image there are zeros: the value fades out over one pixel.
// Beyond, values and gradients are 0. On a pixel the gradient is the one to the right and downward
// of it.
Variable spatial_transformer_sampler(const Variable& x, const Variable& grid);

}  // namespace autograd::inline functions
