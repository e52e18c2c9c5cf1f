#pragma once

#include "autograd/kernels/elementwise.h"
#include "autograd/kernels/pack.h"

// Included only by the translation units of this folder. Code here must not call functions of the
// standard library: its inline functions would be compiled with this unit's instructions under
// names that all units share.
namespace autograd::kernels {

// One operand of a loop: an array, or one number in every lane.
template <class T, class Isa>
struct Stream {
  const T* p;
  bool constant;
  Pack<T, Isa> number;

  Stream(const T* pointer, int step)
      : p(pointer), constant(step == 0), number(static_cast<double>(*pointer)) {}
  Pack<T, Isa> at(long i, int count) const {
    return constant ? number : read<T, Isa>(p + i, count);
  }
};

// Calls body(i, count, x0, x1, ...) with the operands' registers at i. A loop of its own serves the
// usual case, in which every operand is an array.
template <class T, class Isa, class Body>
void for_streams(const Operands<T, 1>& x, long n, Body body) {
  if (n == 0) return;
  const T* a = x.p[0];
  if (x.step[0] == 1)
    return for_packs<T, Isa>(
        n, [=](long i, int count) { body(i, count, read<T, Isa>(a + i, count)); });
  const Stream<T, Isa> s0(a, 0);
  for_packs<T, Isa>(n, [=](long i, int count) { body(i, count, s0.at(i, count)); });
}

template <class T, class Isa, class Body>
void for_streams(const Operands<T, 2>& x, long n, Body body) {
  if (n == 0) return;
  const T *a = x.p[0], *b = x.p[1];
  if (x.step[0] + x.step[1] == 2)
    return for_packs<T, Isa>(n, [=](long i, int count) {
      body(i, count, read<T, Isa>(a + i, count), read<T, Isa>(b + i, count));
    });
  const Stream<T, Isa> s0(a, x.step[0]), s1(b, x.step[1]);
  for_packs<T, Isa>(n,
                    [=](long i, int count) { body(i, count, s0.at(i, count), s1.at(i, count)); });
}

template <class T, class Isa, class Body>
void for_streams(const Operands<T, 3>& x, long n, Body body) {
  if (n == 0) return;
  const Stream<T, Isa> s0(x.p[0], x.step[0]), s1(x.p[1], x.step[1]), s2(x.p[2], x.step[2]);
  for_packs<T, Isa>(n, [=](long i, int count) {
    body(i, count, s0.at(i, count), s1.at(i, count), s2.at(i, count));
  });
}

template <class T, class Isa, class Body>
void for_streams(const Operands<T, 4>& x, long n, Body body) {
  if (n == 0) return;
  const Stream<T, Isa> s0(x.p[0], x.step[0]), s1(x.p[1], x.step[1]), s2(x.p[2], x.step[2]),
      s3(x.p[3], x.step[3]);
  for_packs<T, Isa>(n, [=](long i, int count) {
    body(i, count, s0.at(i, count), s1.at(i, count), s2.at(i, count), s3.at(i, count));
  });
}

template <class Op, class T, class Isa>
[[gnu::flatten]] void value_loop(const Op& op, const Operands<T, arity<Op>()>& x, T* y,
                                 std::int64_t n) {
  for_streams<T, Isa>(
      x, n, [=](long i, int count, auto... v) { write<T, Isa>(op.value(v...), y + i, count); });
}

// The K-th slope of an op, called with the kept values.
template <int K, class Op, class V, class... Vs>
auto slope_at(const Op& op, V v, Vs... vs) {
  if constexpr (requires { op.slope(v); })
    return op.slope(v);
  else if constexpr (K == 0)
    return op.slope_a(v, vs...);
  else if constexpr (K == 1)
    return op.slope_b(v, vs...);
  else
    return op.slope_c(v, vs...);
}

// A gradient of 0 stays 0 even where the slope is infinite or NaN: the result there was not used.
template <int K, class Op, class T, class Isa>
[[gnu::flatten]] void slope_loop(const Op& op, const Operands<T, kept<Op>() + 1>& x, T* gx,
                                 std::int64_t n) {
  using V = Pack<T, Isa>;
  for_streams<T, Isa>(x, n, [=](long i, int count, auto first, auto... rest) {
    if constexpr (sizeof...(rest) == 1) {
      write<T, Isa>(weighted((rest * ...), V(slope_at<K>(op, first))), gx + i, count);
    } else if constexpr (sizeof...(rest) == 2) {
      [&](V second, V gy) {
        write<T, Isa>(weighted(gy, V(slope_at<K>(op, first, second))), gx + i, count);
      }(rest...);
    } else {
      [&](V second, V third, V gy) {
        write<T, Isa>(weighted(gy, V(slope_at<K>(op, first, second, third))), gx + i, count);
      }(rest...);
    }
  });
}

// Four running sums hide the latency of the addition and shorten the chain of rounding errors.
template <class Op, class T, class Isa>
[[gnu::flatten]] double sum_loop(const Op& op, const Operands<T, arity<Op>()>& x, std::int64_t n) {
  using V = Pack<T, Isa>;
  V sums[4] = {0, 0, 0, 0};
  double rest = 0;
  for_streams<T, Isa>(x, n, [&sums, &rest, op](long i, int count, auto... v) {
    const V y = op.value(v...);
    if (count == V::size) {
      V& s = sums[(i / V::size) % 4];
      s = s + y;
    } else {
      T lanes[V::size];
      y.store(lanes);
      for (int k = 0; k < count; ++k) rest += static_cast<double>(lanes[k]);
    }
  });
  T lanes[V::size];
  ((sums[0] + sums[1]) + (sums[2] + sums[3])).store(lanes);
  for (int k = 0; k < V::size; ++k) rest += static_cast<double>(lanes[k]);
  return rest;
}

template <int K, class Op, class T, class Isa>
constexpr typename Elementwise<Op, T>::Slope slope_kernel() {
  if constexpr (Op::keep == ops::Keep::nothing || K >= arity<Op>()) {
    return nullptr;
  } else {
    using V = Pack<T, Isa>;
    constexpr bool unary = requires(const Op& op, V v) { op.slope(v); };
    constexpr bool a = requires(const Op& op, V v) { op.slope_a(v, v); }
    || requires(const Op& op, V v) { op.slope_a(v, v, v); };
    constexpr bool b = requires(const Op& op, V v) { op.slope_b(v, v); }
    || requires(const Op& op, V v) { op.slope_b(v, v, v); };
    constexpr bool c = requires(const Op& op, V v) { op.slope_c(v, v, v); };
    if constexpr (unary || (K == 0 && a) || (K == 1 && b) || (K == 2 && c))
      return slope_loop<K, Op, T, Isa>;
    else
      return nullptr;
  }
}

template <class Op, class T, class Isa>
struct ElementwiseTable {
  static constexpr Elementwise<Op, T> make() {
    Elementwise<Op, T> t{};
    t.value = value_loop<Op, T, Isa>;
    t.slope[0] = slope_kernel<0, Op, T, Isa>();
    if constexpr (arity<Op>() > 1) t.slope[1] = slope_kernel<1, Op, T, Isa>();
    if constexpr (arity<Op>() > 2) t.slope[2] = slope_kernel<2, Op, T, Isa>();
    if constexpr (ops::contains<Op>(ops::Loss{})) t.sum = sum_loop<Op, T, Isa>;
    return t;
  }
  static constexpr Elementwise<Op, T> table = make();
};

template <class Op, class T, class Isa>
const Elementwise<Op, T>& elementwise_for() {
  return ElementwiseTable<Op, T, Isa>::table;
}

// Makes the compiler emit the kernels of every op of a family: `template struct
// Emit<ops::Activation, Avx2>;`
template <class Family, class Isa>
struct Emit;
template <class Isa, class... Op>
struct Emit<ops::List<Op...>, Isa> {
  static_assert((ops::contains<Op>(ops::All{}) && ...),
                "a family of ops must be joined to ops::All in kernels/ops/all.h");
  template <class O>
  struct Entry {
    const Elementwise<O, float>& (*f32)();
    const Elementwise<O, double>& (*f64)();
  };
  struct Entries : Entry<Op>... {};
  static const Entries entries;
};
template <class Isa, class... Op>
const typename Emit<ops::List<Op...>, Isa>::Entries Emit<ops::List<Op...>, Isa>::entries = {
    {&elementwise_for<Op, float, Isa>, &elementwise_for<Op, double, Isa>}...};

}  // namespace autograd::kernels
