#pragma once

#include <functional>
#include <ostream>
#include <string_view>
#include <vector>

#include "autograd/kernels/elementwise.h"
#include "autograd/machine/cpu.h"
#include "tests/cases/mapped_op.h"

// A row of the table, and the op that it is about, without their types.
namespace autograd::cases {

template <class T>
struct Operand {
  const T* p;
  int step;
};

template <class T>
using Loop = std::function<void(const std::vector<Operand<T>>& x, T* y, std::int64_t n)>;

// The loops that one instruction set has for an op.
template <class T>
struct Loops {
  std::string_view isa;
  Loop<T> value;
  std::vector<Loop<T>> slopes;  // of what is kept and gy; as many as TestedOp::slopes
};

// What a loop must give, of N numbers at x, and how exactly.
struct Expected {
  std::function<R(const R*x)> exact, scale;
  Ulps ulps;
  bool flushes, tails;
};

struct TestedOp : MappedOp {
  Expected expected_value;
  std::vector<Expected> expected_slopes;  // as many as slopes
  std::vector<Range> smooth;
  std::vector<bool> no_grads;
  std::function<Variable(const Variables& x)> call;
  std::vector<Loops<float>> loops32;
  std::vector<Loops<double>> loops64;

  template <class T>
  const std::vector<Loops<T>>& loops() const {
    if constexpr (sizeof(T) == 4)
      return loops32;
    else
      return loops64;
  }
  // NOLINTNEXTLINE(readability-identifier-naming): googletest's name
  friend void PrintTo(const TestedOp& op, std::ostream* out) { *out << op.name; }
};

template <int N, class F>
std::function<R(const R*)> of_pointer(const F& f) {
  return [f](const R* x) { return spread<N>(x, f); };
}

template <class Op>
Expected expected_value(const Op& op) {
  using RowT = Row<Op>;
  constexpr int N = kernels::arity<Op>();
  Expected e{of_pointer<N>([op](auto... x) -> R { return RowT::value(op, x...); }),
             {},
             RowT::value_ulps,
             RowT::flushes,
             RowT::tails};
  if constexpr (requires { &RowT::scale; })
    e.scale = of_pointer<N>([op](auto... x) -> R { return RowT::scale(op, x...); });
  return e;
}

template <class Op>
Expected expected_slope(const Op& op, int k) {
  using RowT = Row<Op>;
  constexpr int N = kernels::kept<Op>();
  const auto exact = [=]([[maybe_unused]] auto... x) -> R {
    if constexpr (requires { RowT::slope(op, x...); }) return RowT::slope(op, x...);
    if constexpr (requires { RowT::slope_a(op, x...); })
      if (k == 0) return RowT::slope_a(op, x...);
    if constexpr (requires { RowT::slope_b(op, x...); })
      if (k == 1) return RowT::slope_b(op, x...);
    if constexpr (requires { RowT::slope_c(op, x...); })
      if (k == 2) return RowT::slope_c(op, x...);
    return 1;  // a slope that is a plain number
  };
  const auto scale = [=](auto... x) -> R {
    if constexpr (requires { RowT::slope_scale(op, x...); }) return RowT::slope_scale(op, x...);
    if constexpr (requires { RowT::slope_scale_a(op, x...); })
      if (k == 0) return RowT::slope_scale_a(op, x...);
    if constexpr (requires { RowT::slope_scale_b(op, x...); })
      if (k == 1) return RowT::slope_scale_b(op, x...);
    if constexpr (requires { RowT::slope_scale_c(op, x...); })
      if (k == 2) return RowT::slope_scale_c(op, x...);
    return exact(x...);
  };
  return {of_pointer<N>(exact), of_pointer<N>(scale), RowT::slope_ulps, RowT::slope_flushes,
          RowT::slope_tails && RowT::tails};
}

template <class T, int N>
kernels::Operands<T, N> operands(const std::vector<Operand<T>>& x) {
  kernels::Operands<T, N> o;
  for (int k = 0; k < N; ++k) {
    const Operand<T>& from = x.at(static_cast<std::size_t>(k));
    o.p[k] = from.p, o.step[k] = from.step;
  }
  return o;
}

template <class T, class Op>
Loops<T> loops_of(const Op& op, cpu::Isa isa, const kernels::Elementwise<Op, T>& table) {
  using Operands = const std::vector<Operand<T>>&;
  Loops<T> loops{cpu::name(isa),
                 [op, f = table.value](Operands x, T* y, std::int64_t n) {
                   f(op, operands<T, kernels::arity<Op>()>(x), y, n);
                 },
                 {}};
  for (const auto& slope : table.slope)
    if (kernels::kept<Op>() > 0 && slope)
      loops.slopes.push_back([op, f = slope](Operands kept_and_gy, T* gx, std::int64_t n) {
        f(op, operands<T, kernels::kept<Op>() + 1>(kept_and_gy), gx, n);
      });
  return loops;
}

// For each instruction set that this processor runs.
template <class T, class Op>
std::vector<Loops<T>> all_loops(const Op& op) {
  std::vector<Loops<T>> all;
  for (cpu::Isa isa : cpu::supported()) {
    if (isa == cpu::Isa::baseline)
      all.push_back(loops_of<T>(op, isa, kernels::elementwise_for<Op, T, kernels::Baseline>()));
#ifdef __x86_64__
    if (isa == cpu::Isa::avx2)
      all.push_back(loops_of<T>(op, isa, kernels::elementwise_for<Op, T, kernels::Avx2>()));
    if (isa == cpu::Isa::avx512)
      all.push_back(loops_of<T>(op, isa, kernels::elementwise_for<Op, T, kernels::Avx512>()));
#endif
  }
  return all;
}

template <class Op>
TestedOp tested(const Op& op) {
  TestedOp t;
  static_cast<MappedOp&>(t) = mapped(op);
  t.expected_value = expected_value(op);
  for (int k : t.slopes) t.expected_slopes.push_back(expected_slope(op, k));
  t.smooth = Row<Op>::smooth();
  t.no_grads = Row<Op>::no_grads();
  t.call = [op](const Variables& x) {
    return spread<kernels::arity<Op>()>(x, [&](const auto&... a) { return elementwise(op, a...); });
  };
  t.loops32 = all_loops<float>(op);
  t.loops64 = all_loops<double>(op);
  return t;
}

// The ops of a list, each with every set of constants that its row names.
template <class... Op>
std::vector<TestedOp> tested_ops(ops::List<Op...>) {
  std::vector<TestedOp> all;
  const auto add = [&](const auto& parameters) {
    for (const auto& op : parameters) all.push_back(tested(op));
  };
  (add(Row<Op>::ops()), ...);
  return all;
}

}  // namespace autograd::cases
