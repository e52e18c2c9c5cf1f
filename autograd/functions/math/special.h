#pragma once

#include "autograd/graph/function_node.h"

// Special functions; elementwise, on float32 and float64. Accurate to a few units in the last place
// of the dtype, but near a root of digamma, where it is their absolute error that is small.
namespace autograd::inline functions {

Variable lgamma(const Variable& x);            // log |gamma(x)|
Variable digamma(const Variable& x);           // the derivative of lgamma
Variable polygamma(int n, const Variable& x);  // the n-th derivative of digamma, n >= 0

Variable erfinv(
    const Variable& x);  // the inverse of erf; NaN outside [-1, 1], infinite at the ends
Variable erfcinv(
    const Variable& x);             // the inverse of erfc; NaN outside [0, 2], infinite at the ends
Variable erfcx(const Variable& x);  // e^(x^2) erfc(x)

Variable ndtr(
    const Variable& x);  // (1 + erf(x / sqrt(2))) / 2: the standard normal distribution function
Variable log_ndtr(const Variable& x);  // its logarithm, accurate far to the left
Variable ndtri(const Variable& x);     // its inverse; NaN outside [0, 1], infinite at the ends

Variable xlogx(const Variable& x);  // x log(x), and 0 with the gradient 0 where x <= 0

}  // namespace autograd::inline functions
