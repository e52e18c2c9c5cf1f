#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "autograd/array/array.h"
#include "autograd/kernels/elementwise.h"

// The elementwise ops on arrays: map(ops::Add{}, a, b). Inputs broadcast; all have one floating
// dtype.
namespace autograd {

// A type-erased loop over N operands, of float32 or float64. It hides the op, so that map.cpp is
// compiled once for each N and not once for each op. Results are of type Y, or of the operands'
// type if Y is void. A non-owning reference to `loop`, which must outlive it.
template <int N, class Y = void>
class LoopRef {
 public:
  template <class Loop>
  // NOLINTNEXTLINE(google-explicit-constructor)
  LoopRef(const Loop& loop)
      : loop_(&loop), of_floats_(&call<Loop, float>), of_doubles_(&call<Loop, double>) {}

  template <class T>
  using Written = std::conditional_t<std::is_void_v<Y>, T, Y>;
  template <class T>
  void operator()(const kernels::Operands<T, N>& x, Written<T>* y, std::int64_t n) const {
    if constexpr (std::is_same_v<T, float>)
      of_floats_(loop_, x, y, n);
    else
      of_doubles_(loop_, x, y, n);
  }

 private:
  template <class T>
  using Call = void (*)(const void*, const kernels::Operands<T, N>&, Written<T>*, std::int64_t);
  template <class Loop, class T>
  static void call(const void* loop, const kernels::Operands<T, N>& x, Written<T>* y,
                   std::int64_t n) {
    (*static_cast<const Loop*>(loop))(x, y, n);
  }

  const void* loop_;
  Call<float> of_floats_;
  Call<double> of_doubles_;
};

template <int N>
using ArrayRefs = std::array<const Array*, N>;

// y = loop(inputs...) for checked inputs and a contiguous y, which may be one of the inputs itself.
template <int N>
void map_loop(const LoopRef<N>& loop, Array& y, const ArrayRefs<N>& inputs);
// The same for any y. If y shares memory with the inputs, the result is as if the inputs were
// copied first.
template <int N>
void map_loop_into(const LoopRef<N>& loop, Array& y, const ArrayRefs<N>& inputs);
// y = loop(inputs...) in the shape that the inputs broadcast to. Throws unless they broadcast and
// have one floating dtype.
template <int N>
Array map_values(std::string_view op, const LoopRef<N>& loop, const ArrayRefs<N>& inputs);
// The sum over all elements, a scalar. Each call of the loop writes the sum of one part.
template <int N>
Array map_total(std::string_view op, const LoopRef<N, double>& loop, const ArrayRefs<N>& inputs);

// y[i] = op.value(x0[i], ...), as a loop.
template <int N, class Op>
auto value_loop(const Op& op) {
  static_assert(N == kernels::arity<Op>());
  return [&op]<class T>(const kernels::Operands<T, N>& x, T* y, std::int64_t n) {
    kernels::elementwise<Op, T>().value(op, x, y, n);
  };
}

// y = op.value(inputs...), element by element, in place. If y shares memory with the inputs, the
// result is as if the inputs were copied first.
template <class Op, class... A>
void map_into(const Op& op, Array& y, const A&... inputs) {
  constexpr int N = sizeof...(A);
  map_loop_into<N>(value_loop<N>(op), y, {&inputs...});
}

// y = op.value(inputs...), element by element, into new memory.
template <class Op, class... A>
Array map(const Op& op, const A&... inputs) {
  constexpr int N = sizeof...(A);
  return map_values<N>(Op::name, value_loop<N>(op), {&inputs...});
}

// gx = gy * op.slope_k(kept...), element by element, in the shape of gy: one pass, no temporaries.
template <class Op, class... A>
Array map_slope(const Op& op, int k, const Shape& shape, const Array& gy, const A&... kept) {
  constexpr int N = sizeof...(A) + 1;
  static_assert(N == kernels::kept<Op>() + 1);
  const auto loop = [&op, k]<class T>(const kernels::Operands<T, N>& x, T* y, std::int64_t n) {
    kernels::elementwise<Op, T>().slope[k](op, x, y, n);
  };
  Array gx = Array::empty(shape, gy.dtype());
  map_loop<N>(loop, gx, {&kept..., &gy});
  return gx;
}

// The sum over all elements of op.value(inputs...), a scalar, without storing the terms. Only for
// the ops of ops::Loss.
template <class Op, class... A>
Array map_sum(const Op& op, const A&... inputs) {
  constexpr int N = sizeof...(A);
  const auto loop = [&op]<class T>(const kernels::Operands<T, N>& x, double* y, std::int64_t n) {
    *y = kernels::elementwise<Op, T>().sum(op, x, n);
  };
  return map_total<N>(Op::name, loop, {&inputs...});
}

}  // namespace autograd
