#pragma once

#include <algorithm>
#include <tuple>

#include "autograd/array/array.h"
#include "autograd/array/launch.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/kernels/elementwise.h"

// The elementwise ops on arrays: map(ops::Add{}, a, b). Inputs broadcast; all have one floating
// dtype.
namespace autograd {

// Arrays of one shape as the operands of a kernel: each walks contiguously or stands still within a
// run.
template <int N>
class Mapped {
 public:
  Mapped(const Array& output, std::array<Array, N> inputs) : inputs_(std::move(inputs)) {
    plan(output);
    bool again = false;
    for (int k = 0; k < N; ++k)
      if (runs_.step[k + 1] != 0 && runs_.step[k + 1] != 1) {
        inputs_[k] = inputs_[k].copy();
        again = true;
      }
    if (again) plan(output);
  }

  // Calls run(operands, y, n) for each run.
  template <class T, class Run>
  void for_each(Array& output, const Run& run) const {
    T* y = output.mutable_data<T>();
    std::array<const T*, N> x;
    for (int k = 0; k < N; ++k) x[k] = inputs_[k].template data<T>();
    for_runs(runs_, [&](const auto& at, std::int64_t n) {
      kernels::Operands<T, N> operands;
      for (int k = 0; k < N; ++k) {
        operands.p[k] = x[k] + at[k + 1];
        operands.step[k] = static_cast<int>(runs_.step[k + 1]);
      }
      run(operands, y + at[0], n);
    });
  }

 private:
  void plan(const Array& output) {
    std::array<const Array*, N + 1> all{&output};
    for (int k = 0; k < N; ++k) {
      inputs_[k] = inputs_[k].broadcast_to(output.shape());
      all[k + 1] = &inputs_[k];
    }
    runs_ = make_runs<N + 1>(all);
  }

  std::array<Array, N> inputs_;
  Runs<N + 1> runs_;
};

// The shape that all the inputs broadcast to. Throws unless they broadcast and have one floating
// dtype.
template <class... A>
Shape common_shape(std::string_view op, const Array& first, const A&... rest) {
  if constexpr (sizeof...(rest) == 0) {
    Check(op, {{"x", first}}).floats();
    return first.shape();
  } else {
    Shape shape = first.shape();
    try {
      ((shape = broadcast_shapes(shape, rest.shape())), ...);
    } catch (const Error&) {
      if constexpr (sizeof...(rest) == 1)
        Check(op, {{"a", first}, {"b", rest...}}).fail("the shapes must broadcast");
      else
        [&](const Array& b, const Array& c) {
          Check(op, {{"a", first}, {"b", b}, {"c", c}}).fail("the shapes must broadcast");
        }(rest...);
    }
    if constexpr (sizeof...(rest) == 1)
      Check(op, {{"a", first}, {"b", rest...}}).floats();
    else
      [&](const Array& b, const Array& c) {
        Check(op, {{"a", first}, {"b", b}, {"c", c}}).floats();
      }(rest...);
    return shape;
  }
}

// Whether small arrays can be walked as they are, in one run: the way of most scalars.
template <class... A>
bool one_short_run(const Array& y, const A&... inputs) {
  return y.size() <= kGrain && y.is_contiguous() && is_float(y.dtype()) &&
         ((inputs.shape() == y.shape() && inputs.dtype() == y.dtype() && inputs.is_contiguous()) &&
          ...);
}

// y = op.value(inputs...), element by element, into y, which may be one of the inputs itself.
template <class Op, class... A>
void map_into(const Op& op, Array& y, const A&... inputs) {
  constexpr int N = sizeof...(A);
  static_assert(N == kernels::arity<Op>());
  if (one_short_run(y, inputs...)) {
    visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
      kernels::Operands<T, N> operands{{inputs.template data<T>()...}, {}};
      std::fill_n(operands.step, N, 1);
      kernels::elementwise<Op, T>().value(op, operands, y.template mutable_data<T>(), y.size());
    });
    return;
  }
  const Mapped<N> mapped(y, {inputs...});
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto value = kernels::elementwise<Op, T>().value;
    mapped.template for_each<T>(
        y, [&](const auto& operands, T* p, std::int64_t n) { value(op, operands, p, n); });
  });
}

// y = op.value(inputs...), element by element, into new memory.
template <class Op, class... A>
Array map(const Op& op, const A&... inputs) {
  const Array& first = std::get<0>(std::tie(inputs...));
  const bool alike = is_float(first.dtype()) &&
                     ((inputs.shape() == first.shape() && inputs.dtype() == first.dtype()) && ...);
  Array y = Array::empty(alike ? first.shape() : common_shape(Op::name, inputs...), first.dtype());
  map_into(op, y, inputs...);
  return y;
}

// gx = gy * op.slope_k(kept...), element by element, in the shape of gy: one pass, no temporaries.
template <class Op, class... A>
Array map_slope(const Op& op, int k, const Shape& shape, const Array& gy, const A&... kept) {
  constexpr int N = sizeof...(A) + 1;
  static_assert(N == kernels::kept<Op>() + 1);
  Array gx = Array::empty(shape, gy.dtype());
  const Mapped<N> mapped(gx, {kept..., gy});
  visit_float(gx.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto slope = kernels::elementwise<Op, T>().slope[k];
    mapped.template for_each<T>(
        gx, [&](const auto& operands, T* p, std::int64_t n) { slope(op, operands, p, n); });
  });
  return gx;
}

// The sum over all elements of op.value(inputs...), a scalar, without storing the terms. Only ops
// of ops::Loss.
template <class Op, class... A>
Array map_sum(const Op& op, const A&... inputs) {
  constexpr int N = sizeof...(A);
  const Shape shape = common_shape(Op::name, inputs...);
  std::array<Array, N> x{inputs.broadcast_to(shape)...};
  for (Array& a : x)
    if (!a.is_contiguous()) a = a.copy();
  return visit_float(x[0].dtype(), [&]<class T>(std::type_identity<T>) {
    constexpr std::int64_t kChunk = 4096;
    const auto sum = kernels::elementwise<Op, T>().sum;
    const std::int64_t n = shape.elements();
    std::vector<double> parts(static_cast<std::size_t>((n + kChunk - 1) / kChunk));
    std::array<const T*, N> p;
    for (int k = 0; k < N; ++k) p[k] = x[k].template data<T>();
    const auto sum_parts = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; i += kChunk) {
        kernels::Operands<T, N> operands;
        for (int k = 0; k < N; ++k) operands.p[k] = p[k] + i, operands.step[k] = 1;
        parts[static_cast<std::size_t>(i / kChunk)] = sum(op, operands, std::min(kChunk, end - i));
      }
    };
    parallel::for_chunks(n, kChunk, sum_parts, kGrain);
    return Array::scalar(static_cast<T>(array::pairwise_sum(parts)));
  });
}

}  // namespace autograd
