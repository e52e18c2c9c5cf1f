#pragma once

#include "autograd/array/array.h"

namespace autograd::array {

// The matrix product of a (m, k) and b (k, n), both of one floating dtype; transposed views cost
// nothing. Further leading axes are batch axes and broadcast, as in NumPy's matmul: (..., m, k) and
// (..., k, n).
Array matmul(const Array& a, const Array& b);

// a b + row for matrices, with row (n): each sum starts from the row's element instead of from 0.
Array matmul_add(const Array& a, const Array& b, const Array& row);

}  // namespace autograd::array
