#pragma once

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/function_node.h"

// Products of matrices and vectors, on float32 and float64. Transposing costs no copy.
namespace autograd::inline functions {

// NumPy's matmul: (m, k) and (k, n) give (m, n). Further leading axes are batch axes and broadcast:
// (..., m, k) and (..., k, n) give (..., m, n). A 1-d `a` is a row and a 1-d `b` a column, and the
// added axis is removed from the result; two vectors give a scalar. transa (transb) swaps the last
// two axes of a (b) first; it leaves a vector unchanged.
inline constexpr struct MatmulFunction : BinaryFunction<MatmulFunction> {
  Variable operator()(const Variable& a, const Variable& b, bool transa = false,
                      bool transb = false) const;
} matmul;

// B matrix products: (B, m, k) and (B, k, n) give (B, m, n). A 2-d argument (B, n) is B columns,
// (B, n, 1). Chainer's older form of matmul.
inline constexpr struct BatchMatmulFunction : BinaryFunction<BatchMatmulFunction> {
  Variable operator()(const Variable& a, const Variable& b, bool transa = false,
                      bool transb = false) const;
} batch_matmul;

}  // namespace autograd::inline functions
