#pragma once

#include "autograd/kernels/pack.h"
#include "autograd/kernels/update.h"

// Included only by the translation units of this folder.
namespace autograd::kernels {

template <class Op, class T, class Isa>
[[gnu::flatten]] void update_loop(const Op& op, const T* g, T* const* updated, std::int64_t n) {
  constexpr int N = kUpdated<Op>;
  T* p[N];
  for (int k = 0; k < N; ++k) p[k] = updated[k];
  for_packs<T, Isa>(n, [=](long i, int count) {
    Pack<T, Isa> v[N];
#pragma GCC unroll 4  // which leaves the array in registers
    for (int k = 0; k < N; ++k) v[k] = read<T, Isa>(p[k] + i, count);
    const Pack<T, Isa> gradient = read<T, Isa>(g + i, count);
    if constexpr (N == 1)
      op.update(gradient, v[0]);
    else if constexpr (N == 2)
      op.update(gradient, v[0], v[1]);
    else if constexpr (N == 3)
      op.update(gradient, v[0], v[1], v[2]);
    else
      op.update(gradient, v[0], v[1], v[2], v[3]);
#pragma GCC unroll 4
    for (int k = 0; k < N; ++k) write<T, Isa>(v[k], p[k] + i, count);
  });
}

template <class Op, class T, class Isa>
const Update<Op, T>& update_for() {
  static constexpr Update<Op, T> table{update_loop<Op, T, Isa>};
  return table;
}

// Makes the compiler emit the loops of every rule: `template struct EmitUpdates<updates::All,
// Avx2>;`
template <class Rules, class Isa>
struct EmitUpdates;
template <class Isa, class... Op>
struct EmitUpdates<ops::List<Op...>, Isa> {
  template <class O>
  struct Entry {
    const Update<O, float>& (*f32)();
    const Update<O, double>& (*f64)();
  };
  struct Entries : Entry<Op>... {};
  static const Entries entries;
};
template <class Isa, class... Op>
const typename EmitUpdates<ops::List<Op...>, Isa>::Entries
    EmitUpdates<ops::List<Op...>, Isa>::entries = {
        {&update_for<Op, float, Isa>, &update_for<Op, double, Isa>}...};

}  // namespace autograd::kernels
