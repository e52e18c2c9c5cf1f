#pragma once

#include <cstdint>

#include "autograd/kernels/dispatch.h"

// Softmax and related functions over contiguous rows of n >= 1 elements, one row at a time while it
// is in the cache. Compiled once per instruction set. Sums are computed in blocks, as in
// kernels/reduce.h.
namespace autograd::kernels {

template <class T>
struct Softmax {
  // y = e^x / sum(e^x)
  void (*softmax)(const T* x, std::int64_t n, T* y);
  // y = x - log(sum(e^x))
  void (*log_softmax)(const T* x, std::int64_t n, T* y);
  // sum(e^(x - shift)), where shift is set to the greatest element, or to 0 if that is -inf or NaN.
  // If it is inf, the number of elements that are inf.
  T (*exp_sum)(const T* x, std::int64_t n, T* shift);
  // y = scale e^(x - shift), where inf - inf is 0.
  void (*scaled_exp)(const T* x, std::int64_t n, T shift, T scale, T* y);
  // gx = y (gy - sum(y gy)): the gradient of softmax, y its result.
  void (*softmax_gradient)(const T* y, const T* gy, std::int64_t n, T* gx);
  // gx = gy - e^y sum(gy): the gradient of log_softmax, y its result.
  void (*log_softmax_gradient)(const T* y, const T* gy, std::int64_t n, T* gx);
};

template <class T, class Isa>
const Softmax<T>& softmax_for();  // defined in kernels/isa/

template <class T>
const Softmax<T>& softmax() {
  return with_active_isa([]<class Isa>() -> const Softmax<T>& { return softmax_for<T, Isa>(); });
}

}  // namespace autograd::kernels
