#pragma once

#include <string_view>

#include "autograd/graph/variable.h"

namespace autograd {

// A^(-1/2) of symmetric, positive definite matrices A (..., n, n): the symmetric matrix W with
// W A W = 1. The gradient is symmetric. Throws `op: ...` if a matrix holds NaN or an infinity.
Variable inverse_square_root(std::string_view op, const Variable& a);

}  // namespace autograd
