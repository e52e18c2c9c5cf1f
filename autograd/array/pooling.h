#pragma once

#include "autograd/array/array.h"

// Pooling over windows that slide over images x (n, c, h, w), of a floating dtype and checked by
// the caller. y (n, c, out.height, out.width) has one number for each window. Window (i, j) covers
// the pixels (i stride - pad + u, j stride - pad + v), 0 <= (u, v) < ksize. Pixels outside the
// image count as -inf for the maximum and as 0 for sums. The place (u, v) of a window has the
// number u ksize.width + v.
namespace autograd::array {

struct PoolWindow {
  HeightWidth ksize, stride, pad;
};

// The maximum of each window (NaN if it contains a NaN), and the place of its first occurrence
// (int32).
struct WindowMax {
  Array y, place;
};
WindowMax window_max(const Array& x, const PoolWindow& window, HeightWidth out);

// window_sum: the sum over each window, times `scale`. window_spread, its adjoint: for each pixel
// of x (n, c, size.height, size.width) the sum of y over the windows that cover it, times `scale`.
Array window_sum(const Array& x, const PoolWindow& window, HeightWidth out, double scale);
Array window_spread(const Array& y, const PoolWindow& window, HeightWidth size, double scale);

// window_pick: the pixel of each window at `place` (int32, of y's shape), 0 outside the image.
// window_put, its adjoint: adds each number of y to x at its place.
Array window_pick(const Array& x, const Array& place, const PoolWindow& window);
Array window_put(const Array& y, const Array& place, const PoolWindow& window, HeightWidth size);

}  // namespace autograd::array
