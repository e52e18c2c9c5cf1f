#pragma once

#include "autograd/array/array.h"

// On arrays of a floating dtype; no exponential overflows, whatever the numbers.
namespace autograd::array {

// log(sum(e^x)) over axes: the greatest element m plus log(sum(e^(x - m))). All -inf gives -inf.
Array logsumexp(const Array& x, const Axes& axes = {}, bool keepdims = false);

// e^x / sum(e^x) along an axis.
Array softmax(const Array& x, int axis);
// Its logarithm, x - logsumexp(x), which keeps the digits of small probabilities.
Array log_softmax(const Array& x, int axis);

}  // namespace autograd::array
