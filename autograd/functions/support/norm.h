#pragma once

#include "autograd/functions/math/reduction.h"

// Norms that several functions use.
namespace autograd {

// sqrt(sum(x^2)) along the axes, which are kept with length 1. The gradient at 0 is 0.
Variable root_of_squares(const Variable& x, const Axes& axes);

// The same, without overflow or underflow of the squares or their sum.
Variable euclidean_norm(const Variable& x, const Axes& axes);

}  // namespace autograd
