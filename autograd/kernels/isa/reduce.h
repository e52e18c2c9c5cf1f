#pragma once

#include "autograd/kernels/pack.h"
#include "autograd/kernels/reduce.h"

namespace autograd::kernels {

template <class T, class Isa>
double sum_block(const T* x, std::int64_t n) {
  using V = Pack<T, Isa>;
  V sums[4] = {0, 0, 0, 0};
  std::int64_t i = 0;
  for (; i + 4 * V::size <= n; i += 4 * V::size)
    for (int k = 0; k < 4; ++k) sums[k] = sums[k] + V::load(x + i + k * V::size);
  T lanes[V::size];
  ((sums[0] + sums[1]) + (sums[2] + sums[3])).store(lanes);
  double total = 0;
  for (int k = 0; k < V::size; ++k) total += static_cast<double>(lanes[k]);
  for (; i < n; ++i) total += static_cast<double>(x[i]);
  return total;
}

template <class T, class Isa>
void sum_rows_block(const T* x, std::int64_t rows, std::int64_t row_stride, std::int64_t columns, T* y) {
  for_packs<T, Isa>(columns, [&](long j, int count) {
    Pack<T, Isa> a = read<T, Isa>(x + j, count);
    for (std::int64_t i = 1; i < rows; ++i) a = a + read<T, Isa>(x + i * row_stride + j, count);
    write<T, Isa>(a, y + j, count);
  });
}

template <class T, class Isa>
const Reduce<T>& reduce_for() {
  static constexpr Reduce<T> table{sum_block<T, Isa>, sum_rows_block<T, Isa>};
  return table;
}

}  // namespace autograd::kernels
