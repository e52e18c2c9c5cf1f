#pragma once

#include "autograd/array/array.h"

// On arrays of a floating dtype; no exponential overflows, whatever the numbers.
namespace autograd::array {

// The sum of e^x over axes, as total e^shift: shift is the greatest element, or 0 if that is -inf.
// The axes are kept with length 1.
struct ExpSum {
  Array shift, total;
};
ExpSum exp_sum(const Array& x, const Axes& axes);

// 0 where x is inf, else -inf: beside an infinite element the others count nothing.
Array only_infinite(const Array& x);

// log(sum(e^x)) over axes: shift + log(total). All -inf gives -inf.
Array logsumexp(const ExpSum& sum);
Array logsumexp(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);

// Its gradient by x: gy e^(x - shift) / total, gy kept in x's number of axes.
Array logsumexp_gradient(const Array& x, const ExpSum& sum, const Array& gy);

// e^x / sum(e^x) along an axis. Of a single inf in it, 1 there and 0 elsewhere; of several, equal
// parts.
Array softmax(const Array& x, int axis);
// Its logarithm, x - shift - log(total), which keeps the digits of small probabilities.
Array log_softmax(const Array& x, int axis);

// Their gradients by x, from their result y and its gradient: y (gy - sum(y gy)) and gy - e^y
// sum(gy). y and gy have one shape and dtype.
Array softmax_gradient(const Array& y, const Array& gy, int axis);
Array log_softmax_gradient(const Array& y, const Array& gy, int axis);

}  // namespace autograd::array
