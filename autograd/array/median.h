#pragma once

#include "autograd/array/array.h"

namespace autograd::array {

// The median along an axis, of a floating dtype: the mean of the two middle elements where their
// number is even; NaN if there is a NaN. numpy.median. An axis of length 0 is an error.
Array median(const Array& x, int axis, bool keepdims = false);

}  // namespace autograd::array
