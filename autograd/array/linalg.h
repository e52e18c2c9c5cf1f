#pragma once

#include "autograd/array/array.h"

// Statistics and decompositions of matrices of a floating dtype.
namespace autograd::array {

// The covariance of the columns of x (n, d) over its rows: (x - mean)^T (x - mean) / n, float64 (d,
// d). numpy.cov(x, rowvar=False, bias=True). Products are taken in the dtype of x, a thousand rows
// at a time, and added up in float64. Throws if x has no rows.
Array covariance(const Array& x);

// The eigenvalues of a symmetric matrix (d, d) in rising order, in its dtype:
// numpy.linalg.eigvalsh, by LAPACK. Only the lower triangle is read. Throws if the matrix holds NaN
// or an infinity.
Array eigvalsh(const Array& a);

}  // namespace autograd::array
