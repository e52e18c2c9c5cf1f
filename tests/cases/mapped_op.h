#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/array/launch.h"
#include "autograd/functions/support/elementwise.h"
#include "tests/cases/elementwise_cases.h"

namespace autograd::cases {

// Calls f(x[0], ..., x[N - 1]).
template <int N, class Xs, class F>
auto spread(const Xs& x, const F& f) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) { return f(x[I]...); }
  (std::make_index_sequence<N>());
}

// An elementwise op with one set of its constants, on arrays. What does not depend on the op's type
// is so compiled once, not once for each op.
struct MappedOp {
  std::string op, name;     // what it is called, and that with its constant, if it has one
  int inputs, kept;         // how many there are, and of how many its slopes are made
  bool keeps_output;        // whether these are not the inputs but the output
  std::vector<int> slopes;  // the inputs whose slopes are computed
  std::vector<std::vector<Range>> ranges;
  std::function<Array(const Arrays& x)> value;
  std::function<Array(int k, const Array& gy, const Arrays& kept)> slope;
};

template <class Op>
MappedOp mapped(const Op& op) {
  constexpr int N = kernels::arity<Op>(), kKept = kernels::kept<Op>();
  MappedOp m;
  m.op = m.name = Op::name;
  if constexpr (requires { op.c; }) m.name = label_with(Op::label, op.c);
  m.inputs = N, m.kept = kKept;
  m.keeps_output = Op::keep == ops::Keep::output;
  m.ranges = Row<Op>::ranges();
  m.value = [op](const Arrays& x) {
    return spread<N>(x, [&](const auto&... a) { return map(op, a...); });
  };
  if constexpr (kKept > 0) {
    const auto& table = kernels::elementwise<Op, float>();
    for (int k = 0; k < N; ++k)
      if (table.slope[k]) m.slopes.push_back(k);
    m.slope = [op](int k, const Array& gy, const Arrays& kept) {
      return spread<kKept>(
          kept, [&](const auto&... a) { return map_slope(op, k, gy.shape(), gy, a...); });
    };
  }
  return m;
}

}  // namespace autograd::cases
