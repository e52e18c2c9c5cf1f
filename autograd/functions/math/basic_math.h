#pragma once

#include "autograd/array/arithmetic.h"
#include "autograd/graph/function_node.h"

// Arithmetic on variables, which broadcast. A plain number takes the dtype of the variable it meets.
// Dividing by a plain number multiplies by its reciprocal, as in Chainer, unless the dtype cannot
// hold that.
//
// An integer or a bool takes the floating dtype that it meets, and has no gradient: mask * x,
// x / lengths. Without any floating operand the result is a constant, by the rules of
// autograd/array/arithmetic.h; a plain number without a fraction counts as an integer then.
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

// As Python's: the name now means the new variable; the old one keeps its place in the graph. None
// counts as the 0 that sums begin with: Variable loss; for (...) loss += model(x);
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

// The sum of all; of one, itself.
Variable add(const VariableList& xs);
template <class... X>
Variable add(const Variable& x, const X&... others) {
  return add({x, others...});
}

// x + y and x y, where the axes of y go with those of x from `axis` on: x (100, 3, 40, 5), y (3,
// 40), axis 1.
Variable bias(const Variable& x, const Variable& y, int axis = 1);
Variable scale(const Variable& x, const Variable& y, int axis = 1);

// p x + (1 - p) y, all of one shape.
Variable linear_interpolate(const Variable& p, const Variable& x, const Variable& y);

// w x, and 0 where w is 0, whatever x is: a term of weight 0 does not count, be it infinite or NaN.
// The gradient of w is x, that of x is w.
Variable weighted(const Variable& w, const Variable& x);

// a^b. The gradient of a is b a^(b-1), that of b is log(a) a^b (NaN for a < 0); where a or b is 0
// they are their limits. Chainer's `**`.
Variable pow(const Variable& a, const Variable& b);
Variable pow(const Variable& a, double b);
Variable pow(double a, const Variable& b);

// The largest whole number that is not above a / b, as Python's `//`: NaN for infinite a; for b = 0
// what a / b is. No gradient flows.
Variable floordiv(const Variable& a, const Variable& b);
Variable floordiv(const Variable& a, double b);
Variable floordiv(double a, const Variable& b);

// |x|; the gradient at 0 is 0.
Variable absolute(const Variable& x);
inline Variable abs(const Variable& x) { return absolute(x); }

// x^2
Variable square(const Variable& x);

// The larger, or smaller, of two. On a tie the first gets the whole gradient. NaN if either is NaN.
Variable maximum(const Variable& a, const Variable& b);
Variable maximum(const Variable& a, double b);
Variable minimum(const Variable& a, const Variable& b);
Variable minimum(const Variable& a, double b);

// min(max(x, x_min), x_max); the gradient passes at both bounds. A bound may be absent (an
// infinity).
Variable clip(const Variable& x, double x_min, double x_max);

// The remainder of a / b with the sign of a, as C's fmod; d/db is -trunc(a / b).
Variable fmod(const Variable& a, const Variable& b);

// Steps. No gradient flows: backward stops there, as in Chainer. sign takes integers, too.
Variable sign(const Variable& x);
Variable floor(const Variable& x);
Variable ceil(const Variable& x);
Variable fix(const Variable& x);

}  // namespace autograd::inline functions
