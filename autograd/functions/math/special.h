#pragma once

#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Special functions, elementwise, on float32 and float64. Accurate to a few units in the last place
// of the dtype. Exception: near a root of digamma only the absolute error is small.
namespace autograd::inline functions {

Variable lgamma(const Variable& x);            // log |gamma(x)|
Variable digamma(const Variable& x);           // the derivative of lgamma
Variable polygamma(int n, const Variable& x);  // the n-th derivative of digamma, n >= 0
// The same with an order for each element, integers that broadcast with x.
Variable polygamma(ArrayLike n, const Variable& x);

// The sum over k >= 0 of (q + k)^-x: the zeta function of Hurwitz, for x > 1. x is a constant: its
// numbers broadcast with q, and no gradient flows to them. The gradient of q is -x zeta(x + 1, q).
// Infinite for x = 1, and where q is 0, -1, -2, ...; NaN for x < 1, and for other negative q unless x
// is a whole number.
Variable zeta(double x, const Variable& q);
Variable zeta(ArrayLike x, const Variable& q);

// The inverse of erf; NaN outside [-1, 1], infinite at the ends.
Variable erfinv(const Variable& x);
// The inverse of erfc; NaN outside [0, 2], infinite at the ends.
Variable erfcinv(const Variable& x);
// e^(x^2) erfc(x)
Variable erfcx(const Variable& x);

// (1 + erf(x / sqrt(2))) / 2: the cumulative distribution function of the standard normal.
Variable ndtr(const Variable& x);
// log(ndtr(x)), accurate far to the left.
Variable log_ndtr(const Variable& x);
// The inverse of ndtr; NaN outside [0, 1], infinite at the ends.
Variable ndtri(const Variable& x);

// x log(x); where x <= 0, the value and the gradient are 0.
Variable xlogx(const Variable& x);

}  // namespace autograd::inline functions
