#pragma once

#include "autograd/array/array.h"

// Softmax and related functions, on arrays of a floating dtype. No exponential overflows, whatever
// the numbers.
namespace autograd::array {

// The sum of e^x over axes as total * e^shift, where shift is the greatest element, or 0 if that is
// -inf. The axes are kept with length 1.
struct ExpSum {
  Array shift, total;
};
ExpSum exp_sum(const Array& x, const Axes& axes);

// 0 where x is inf, else -inf: beside an infinite element the finite ones have weight 0.
Array only_infinite(const Array& x);

// log(sum(e^x)) over axes: shift + log(total). -inf if all elements are -inf.
Array logsumexp(const ExpSum& sum);
Array logsumexp(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);

// The gradient with respect to x: gy e^(x - shift) / total. gy has the reduced axes with length 1.
Array logsumexp_gradient(const Array& x, const ExpSum& sum, const Array& gy);

// e^x / sum(e^x) along an axis. If x has infinite elements, each of the k elements inf gives 1 / k,
// and the others give 0.
Array softmax(const Array& x, int axis);
// log(softmax(x)) as x - shift - log(total), accurate also for small probabilities.
Array log_softmax(const Array& x, int axis);

// The gradients with respect to x, from the result y and its gradient gy: y (gy - sum(y gy)) for
// softmax and gy - e^y sum(gy) for log_softmax. y and gy have one shape and dtype.
Array softmax_gradient(const Array& y, const Array& gy, int axis);
Array log_softmax_gradient(const Array& y, const Array& gy, int axis);

}  // namespace autograd::array
