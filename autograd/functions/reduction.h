#pragma once

#include "autograd/graph/function_node.h"

namespace autograd {

// The sum of x over `axes` (all of them if none is named). keepdims leaves them with length 1.
Variable sum(const Variable& x, const Axes& axes = {}, bool keepdims = false);

// Sums x over its broadcast axes so that the result has `shape`: the adjoint of broadcast_to.
Variable sum_to(const Variable& x, const Shape& shape);

// Repeats axes of length 1, and new leading ones, by NumPy's rule.
Variable broadcast_to(const Variable& x, const Shape& shape);

}  // namespace autograd
