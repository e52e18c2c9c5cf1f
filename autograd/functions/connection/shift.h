#pragma once

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

namespace autograd::inline functions {

struct ShiftOptions {
  ByName by_name = {};
  HeightWidth ksize = 3;   // of odd lengths
  HeightWidth dilate = 1;  // may be negative: that shifts the other way
};

// Shifts each channel of images x (N, C, H, W) by whole pixels: a convolution whose filters have a
// single 1. Channels form kh kw groups of C / (kh kw), rounded down, one for each place of a filter;
// group (i, j) gives y[n, c, h, w] = x[n, c, h - (i - kh / 2) dilate_h, w - (j - kw / 2) dilate_w],
// 0 outside of the image. The group of the middle changes places with the last one: the last group
// is not shifted, and takes the channels that are left over. Errors: even lengths, fewer channels
// than kh kw, a dilate of 0. B. Wu and others, arXiv:1711.08141.
Variable shift(const Variable& x, const ShiftOptions& options = {});
// By position, as Chainer: shift(x, 3, 2).
inline Variable shift(const Variable& x, HeightWidth ksize, HeightWidth dilate = 1) {
  return shift(x, {.ksize = ksize, .dilate = dilate});
}

}  // namespace autograd::inline functions
