#pragma once

#include "nn/initializers/initializer.h"

namespace nn::initializers {

// NOLINTBEGIN(readability-identifier-naming): in Chainer these are classes

// The filters of linear interpolation, for arrays (c, c, k, ..., k) or (c, 1, k, ..., k) (Long,
// Shelhamer and Darrell, arXiv:1411.4038): the filter i, i, or i, 0, is the product over its axes of
//   1 - |x - center| / factor,  x = 0, ..., k - 1,  factor = (k + 1) / 2 rounded down,
// with its center in the middle, and all others are 0. A deconvolution with stride `factor`
// enlarges images by it; a convolution with stride `factor` and filters that are divided by their
// sums, DownsamplingConvFilter, shrinks them.
Initializer UpsamplingDeconvFilter();
Initializer DownsamplingConvFilter();

// NOLINTEND(readability-identifier-naming)

}  // namespace nn::initializers
