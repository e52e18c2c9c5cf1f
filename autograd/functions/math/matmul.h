#pragma once

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/function_node.h"

// Products of matrices and vectors, on float32 and float64. Transposing costs no copy.
namespace autograd::inline functions {

// NumPy's matmul: (m, k) and (k, n) give (m, n). More axes in front are a batch and broadcast:
// (..., m, k) and
// (..., k, n) give (..., m, n). A vector is a row on the left, a column on the right, and its axis
// is missing in the result; two vectors give a scalar. With transa (transb) the last two axes of a
// (b) change places first; a vector stays as it is.
inline constexpr struct MatmulFunction : BinaryFunction<MatmulFunction> {
  Variable operator()(const Variable& a, const Variable& b, bool transa = false,
                      bool transb = false) const;
} matmul;

// B products of matrices: (B, m, k) and (B, k, n) give (B, m, n). (B, n) stands for B columns, (B,
// n, 1). Chainer's older form of matmul.
inline constexpr struct BatchMatmulFunction : BinaryFunction<BatchMatmulFunction> {
  Variable operator()(const Variable& a, const Variable& b, bool transa = false,
                      bool transb = false) const;
} batch_matmul;

}  // namespace autograd::inline functions
