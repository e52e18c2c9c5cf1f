#pragma once

#include <cstdint>
#include <tuple>

#include "autograd/kernels/dispatch.h"
#include "autograd/kernels/ops/all.h"

// The kernels of the elementwise ops: loops over contiguous runs. They are compiled from the
// declarations in kernels/ops/ once per instruction set (kernels/isa/), and selected at first use.
namespace autograd::kernels {

// How many inputs Op::value has.
template <class Op>
consteval int arity() {
  if constexpr (requires(const Op& op, float v) { op.value(v, v, v); })
    return 3;
  else if constexpr (requires(const Op& op, float v) { op.value(v, v); })
    return 2;
  else
    return 1;
}

// What the slopes of Op read: its inputs or its output.
template <class Op>
consteval int kept() {
  return Op::keep == ops::Keep::inputs ? arity<Op>() : Op::keep == ops::Keep::output ? 1 : 0;
}

// N arrays that a loop walks together. A step is 1, or 0 for a number that stands for a whole
// array.
template <class T, int N>
struct Operands {
  const T* p[N];
  int step[N];
};

template <class Op, class T>
struct Elementwise {
  static constexpr int kArity = arity<Op>();
  static constexpr int kSlopeOperands = kept<Op>() + 1;
  using Value = void (*)(const Op&, const Operands<T, kArity>& x, T* y, std::int64_t n);
  using Slope = void (*)(const Op&, const Operands<T, kSlopeOperands>& kept_and_gy, T* gx,
                         std::int64_t n);
  using Sum = double (*)(const Op&, const Operands<T, kArity>& x, std::int64_t n);

  Value value;  // y[i] = op.value(x0[i], ...)
  // Gx[i] = gy[i] * op.slope_k(kept0[i], ...); null where there is no derivative.
  Slope slope[kArity];
  Sum sum;  // sum over i of op.value(x0[i], ...), for the ops of ops::Loss; else null
};

template <class Op, class T, class Isa>
const Elementwise<Op, T>& elementwise_for();  // defined in kernels/isa/

template <class Op, class T>
const Elementwise<Op, T>& elementwise() {
  return with_active_isa(
      []<class Isa>() -> const Elementwise<Op, T>& { return elementwise_for<Op, T, Isa>(); });
}

}  // namespace autograd::kernels
