#pragma once

#include "autograd/array/array.h"

// On arrays of a floating dtype; no exponential overflows, whatever the numbers.
namespace autograd::array {

// log(sum(e^x)) over axes: the greatest element m plus log(sum(e^(x - m))). All -inf gives -inf.
Array logsumexp(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);

// Its gradient by x: gy e^(x - y), y and gy kept in x's number of axes.
Array logsumexp_gradient(const Array& x, const Array& y, const Array& gy);

// e^x / sum(e^x) along an axis.
Array softmax(const Array& x, int axis);
// Its logarithm, x - logsumexp(x), which keeps the digits of small probabilities.
Array log_softmax(const Array& x, int axis);

// Their gradients by x, from their result y and its gradient: y (gy - sum(y gy)) and gy - e^y
// sum(gy). y and gy have one shape and dtype.
Array softmax_gradient(const Array& y, const Array& gy, int axis);
Array log_softmax_gradient(const Array& y, const Array& gy, int axis);

}  // namespace autograd::array
