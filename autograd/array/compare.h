#pragma once

#include "autograd/array/array.h"

// Comparisons, element by element with broadcasting. The result is a bool array; NaN compares false
// (but not_equal).
namespace autograd::array {

Array greater(const Array& a, const Array& b);
Array greater_equal(const Array& a, const Array& b);
Array equal(const Array& a, const Array& b);
Array not_equal(const Array& a, const Array& b);
Array logical_and(const Array& a, const Array& b);
Array logical_or(const Array& a, const Array& b);
Array logical_not(const Array& a);

// a where `condition` is true, b elsewhere; all three broadcast, a and b have one dtype.
Array where(const Array& condition, const Array& a, const Array& b);

}  // namespace autograd::array
