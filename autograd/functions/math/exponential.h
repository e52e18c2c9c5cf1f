#pragma once

#include "autograd/graph/function_node.h"

// Elementwise, on float32 and float64.
namespace autograd::inline functions {

Variable exp(const Variable& x);
Variable expm1(const Variable& x);  // e^x - 1, accurate near 0
Variable log(const Variable& x);    // natural; NaN below 0, -inf at 0
Variable log1p(const Variable& x);  // log(1 + x), accurate near 0
Variable log2(const Variable& x);
Variable log10(const Variable& x);
Variable sqrt(const Variable& x);   // the gradient at 0 is infinite
Variable rsqrt(const Variable& x);  // 1 / sqrt(x)
Variable sinh(const Variable& x);
Variable cosh(const Variable& x);
Variable erf(const Variable& x);   // 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x
Variable erfc(const Variable& x);  // 1 - erf(x), accurate for large x

}  // namespace autograd::inline functions
