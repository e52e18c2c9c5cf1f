#pragma once

#include "autograd/array/arithmetic.h"
#include "autograd/graph/function_node.h"

// Arithmetic on variables, with broadcasting. A plain number is converted to the dtype of the
// variable. Division by a plain number multiplies by the reciprocal, as in Chainer, unless the
// dtype cannot represent the reciprocal.
//
// Integer and bool operands are converted to the floating dtype of the other operand, and get no
// gradient: mask * x, x / lengths. Without a floating operand the result is a constant, by the
// rules of autograd/array/arithmetic.h; then a plain number with an integral value counts as an
// integer.
namespace autograd::inline functions {

Variable operator+(const Variable& a, const Variable& b);
Variable operator+(const Variable& a, double b);
Variable operator+(double a, const Variable& b);
Variable operator-(const Variable& a, const Variable& b);
Variable operator-(const Variable& a, double b);
Variable operator-(double a, const Variable& b);
Variable operator*(const Variable& a, const Variable& b);
Variable operator*(const Variable& a, double b);
Variable operator*(double a, const Variable& b);
Variable operator/(const Variable& a, const Variable& b);
Variable operator/(const Variable& a, double b);
Variable operator/(double a, const Variable& b);
Variable operator-(const Variable& x);

// a = a + b, as in Python: the handle then refers to a new variable; the old variable keeps its
// place in the graph. A null variable counts as 0: Variable loss; for (...) loss += model(x);
inline Variable& operator+=(Variable& a, const Variable& b) {
  return a = a ? a + b : as_variable(b);
}
inline Variable& operator-=(Variable& a, const Variable& b) { return a = a ? a - b : -b; }
inline Variable& operator*=(Variable& a, const Variable& b) { return a = a * b; }
inline Variable& operator/=(Variable& a, const Variable& b) { return a = a / b; }
inline Variable& operator+=(Variable& a, double b) { return a = a + b; }
inline Variable& operator-=(Variable& a, double b) { return a = a - b; }
inline Variable& operator*=(Variable& a, double b) { return a = a * b; }
inline Variable& operator/=(Variable& a, double b) { return a = a / b; }

// The sum of all variables; a single variable is returned as it is.
Variable add(const VariableList& xs);
template <class... X>
Variable add(const Variable& x, const X&... others) {
  return add({x, others...});
}

// x + y and x y, where the axes of y match those of x from `axis` on: x (100, 3, 40, 5), y (3, 40),
// axis 1.
Variable bias(const Variable& x, const Variable& y, int axis = 1);
Variable scale(const Variable& x, const Variable& y, int axis = 1);

// p x + (1 - p) y, all of one shape.
Variable linear_interpolate(const Variable& p, const Variable& x, const Variable& y);

// w x, but 0 where w is 0: a term of weight 0 does not count, even if x is infinite or NaN. The
// gradient of w is x, the gradient of x is w.
Variable weighted(const Variable& w, const Variable& x);

// a^b. The gradient of a is b a^(b-1), the gradient of b is log(a) a^b (NaN for a < 0); where a or
// b is 0, the gradients are the limits of these formulas. Chainer's `**`.
Variable pow(const Variable& a, const Variable& b);
Variable pow(const Variable& a, double b);
Variable pow(double a, const Variable& b);

// The largest integer not above a / b, as Python's `//`. NaN for infinite a; a / b for b = 0. No
// gradient flows.
Variable floordiv(const Variable& a, const Variable& b);
Variable floordiv(const Variable& a, double b);
Variable floordiv(double a, const Variable& b);

// |x|; the gradient at 0 is 0.
Variable absolute(const Variable& x);
inline Variable abs(const Variable& x) { return absolute(x); }

// x^2
Variable square(const Variable& x);

// The larger, or smaller, of a and b. On a tie a gets the whole gradient. NaN if either is NaN.
Variable maximum(const Variable& a, const Variable& b);
Variable maximum(const Variable& a, double b);
Variable minimum(const Variable& a, const Variable& b);
Variable minimum(const Variable& a, double b);

// min(max(x, x_min), x_max); the gradient passes at both bounds. An infinite bound means no bound.
Variable clip(const Variable& x, double x_min, double x_max);

// The remainder of a / b with the sign of a, as C's fmod; d/db is -trunc(a / b).
Variable fmod(const Variable& a, const Variable& b);

// Piecewise constant functions. No gradient flows: backward stops there, as in Chainer. sign
// accepts integers, too.
Variable sign(const Variable& x);
Variable floor(const Variable& x);
Variable ceil(const Variable& x);
Variable fix(const Variable& x);

}  // namespace autograd::inline functions
