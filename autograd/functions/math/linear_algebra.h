#pragma once

#include "autograd/graph/function_node.h"

// Inverses, determinants and factors of square matrices, on float32 and float64; Chainer's functions/math.
namespace autograd::inline functions {

// The inverse of (n, n). A singular matrix is an error.
Variable inv(const Variable& x);
// The inverse of each matrix of (B, n, n).
Variable batch_inv(const Variable& x);

// The determinant of (n, n), a scalar. The gradient is det(x) x^-T; computing the gradient for a
// singular matrix is an error.
Variable det(const Variable& x);
// The determinant of each matrix of (B, n, n): (B).
Variable batch_det(const Variable& x);

// The lower triangular L (n, n) with a = L L^T and a positive diagonal. Only the lower triangle of
// a is read; the gradient is that of the symmetric matrix, half of it in each triangle. A matrix
// that is not positive definite is an error.
Variable cholesky(const Variable& a);

}  // namespace autograd::inline functions
