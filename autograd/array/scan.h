#pragma once

#include "autograd/array/array.h"

// Cumulative operations along an axis, on arrays of a floating dtype, accumulated in float64.
namespace autograd::array {

// y_i = x_0 + ... + x_i; with `backwards`, x_i + ... + x_(n-1).
Array cumsum(const Array& x, int axis, bool backwards = false);
// y_i = x_0 ... x_i
Array cumprod(const Array& x, int axis);

// The linear recurrence z_i = a_i z_(i-1) + b_i, starting from z_(-1) = 0, so that a_0 has no
// effect; `a` and `b` have one shape. With `adjoint`, the adjoint with respect to b: z_i = b_i +
// a_(i+1) z_(i+1), starting from z_n = 0.
Array recurrence(const Array& a, const Array& b, int axis, bool adjoint = false);

}  // namespace autograd::array
