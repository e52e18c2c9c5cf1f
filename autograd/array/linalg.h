#pragma once

#include <string_view>

#include "autograd/array/array.h"

// Statistics and decompositions of matrices of a floating dtype.
namespace autograd::array {

// The covariance of the columns of x (n, d) over its rows: (x - mean)^T (x - mean) / n, float64 (d,
// d). numpy.cov(x, rowvar=False, bias=True). Products are computed in the dtype of x, for a
// thousand rows at a time, and accumulated in float64. Throws if x has no rows.
Array covariance(const Array& x);

// The eigenvalues of a symmetric matrix (d, d) in rising order, in its dtype:
// numpy.linalg.eigvalsh, by LAPACK. Only the lower triangle is read. Throws if the matrix holds NaN
// or an infinity.
Array eigvalsh(const Array& a);

// The inverse of a square matrix (n, n), or of each matrix of a batch (..., n, n), in its dtype:
// numpy.linalg.inv, by LAPACK. Throws if a matrix is singular, that is, if a pivot is 0; the
// message begins with `op`.
Array inv(const Array& x, std::string_view op = "inv");

// The determinants (...) of (..., n, n): numpy.linalg.det, by LAPACK.
Array det(const Array& x);

}  // namespace autograd::array
