#pragma once

#include "autograd/array/array.h"

namespace autograd::array {

// The sum over k >= 0 of (q + k)^-x (scipy.special.zeta), element by element; x is float64, q of any
// floating dtype, which the result has, too. Both broadcast. Computed in float64, by plain loops: it
// is not worth kernels for each instruction set.
Array zeta(const Array& x, const Array& q);

}  // namespace autograd::array
