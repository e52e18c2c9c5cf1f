#pragma once

#include "autograd/array/array.h"

// Windows that slide over the planes of images x (n, c, h, w), of a floating dtype and checked by
// the caller. y (n, c, out.height, out.width) has a number for each window; window (i, j) covers
// the places (i stride - pad + u, j stride - pad + v), (u, v) < ksize, of which those outside of
// the plane count as -inf to the maximum and as 0 to sums. A place in a window is counted as
// u ksize.width + v.
namespace autograd::array {

struct PoolWindow {
  HeightWidth ksize, stride, pad;
};

// The greatest number in each window (NaN wins), and the place of the first such one (int32).
struct WindowMax {
  Array y, place;
};
WindowMax window_max(const Array& x, const PoolWindow& window, HeightWidth out);

// The sum over each window, times `scale`; and its adjoint, the sum over the windows that cover a
// place of x (n, c, size.height, size.width), times `scale`.
Array window_sum(const Array& x, const PoolWindow& window, HeightWidth out, double scale);
Array window_spread(const Array& y, const PoolWindow& window, HeightWidth size, double scale);

// What lies at the places (int32, of y's shape) of the windows, 0 outside of the plane; and its
// adjoint, where each number of y is added to x at its place.
Array window_pick(const Array& x, const Array& place, const PoolWindow& window);
Array window_put(const Array& y, const Array& place, const PoolWindow& window, HeightWidth size);

}  // namespace autograd::array
