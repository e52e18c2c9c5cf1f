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

// The eigenvalues (..., d) of symmetric matrices (..., d, d) in rising order, and their
// eigenvectors of length 1: vectors[..., :, k] belongs to values[..., k]. numpy.linalg.eigh, by
// LAPACK. Only the lower triangles are read. Throws `op: ...` if a matrix holds NaN or an infinity.
struct Eigen {
  Array values, vectors;
};
Eigen eigh(const Array& a, std::string_view op = "eigh");

// The lower triangular L with x = L L^T of a symmetric, positive definite matrix x (n, n), in its
// dtype: numpy.linalg.cholesky, by LAPACK. Only the lower triangle of x is read. Throws if x is not
// positive definite.
Array cholesky(const Array& x);

// The inverse of a square matrix (n, n), or of each matrix of a batch (..., n, n), in its dtype:
// numpy.linalg.inv, by LAPACK. Throws if a matrix is singular, that is, if a pivot is 0; the
// message begins with `op`.
Array inv(const Array& x, std::string_view op = "inv");

// The decomposition a = q r of a matrix (m, n), with k = min(m, n): q (m, k) has orthonormal columns
// and r (k, n) is upper triangular; both in the dtype of a. numpy.linalg.qr, by LAPACK.
struct QR {
  Array q, r;
};
QR qr(const Array& a);

// The determinants (...) of (..., n, n): numpy.linalg.det, by LAPACK.
Array det(const Array& x);

}  // namespace autograd::array
