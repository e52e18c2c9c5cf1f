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
  for (; i + V::size <= n; i += V::size) sums[0] = sums[0] + V::load(x + i);
  T lanes[V::size];
  ((sums[0] + sums[1]) + (sums[2] + sums[3])).store(lanes);
  double total = 0;
  for (int k = 0; k < V::size; ++k) total += static_cast<double>(lanes[k]);
  for (; i < n; ++i) total += static_cast<double>(x[i]);
  return total;
}

// Four registers of each row at a time, an access pattern that the hardware prefetches.
template <class T, class Isa>
void sum_rows_block(const T* x, std::int64_t rows, std::int64_t row_stride, std::int64_t columns,
                    T* y) {
  using V = Pack<T, Isa>;
  std::int64_t j = 0;
  for (; j + 4 * V::size <= columns; j += 4 * V::size) {
    V sums[4];
    for (int k = 0; k < 4; ++k) sums[k] = V::load(x + j + k * V::size);
    for (std::int64_t i = 1; i < rows; ++i)
      for (int k = 0; k < 4; ++k) sums[k] = sums[k] + V::load(x + i * row_stride + j + k * V::size);
    for (int k = 0; k < 4; ++k) sums[k].store(y + j + k * V::size);
  }
  for_packs<T, Isa>(columns - j, [&](long c, int count) {
    V sum = read<T, Isa>(x + j + c, count);
    for (std::int64_t i = 1; i < rows; ++i)
      sum = sum + read<T, Isa>(x + i * row_stride + j + c, count);
    write<T, Isa>(sum, y + j + c, count);
  });
}

// maximum() or minimum() of all elements. The last registers may overlap: visiting an element twice
// does not change the result.
template <class T, class Isa, class Better>
T extreme_block(const T* x, std::int64_t n, const Better& better) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t w = V::size;
  if (n < w) {
    T best = x[0];
    for (std::int64_t i = 1; i < n; ++i) best = better.of_two(best, x[i]);
    return best;
  }
  V best[4];
  for (int k = 0; k < 4; ++k) best[k] = V::load(x);
  std::int64_t i = w;
  for (; i + 4 * w <= n; i += 4 * w)
    for (int k = 0; k < 4; ++k) best[k] = better(best[k], V::load(x + i + k * w));
  for (; i + w <= n; i += w) best[0] = better(best[0], V::load(x + i));
  best[1] = better(best[1], V::load(x + n - w));
  T lanes[V::size];
  better(better(best[0], best[1]), better(best[2], best[3])).store(lanes);
  for (int k = 1; k < V::size; ++k) lanes[0] = better.of_two(lanes[0], lanes[k]);
  return lanes[0];
}

template <class T, class Isa>
struct Greatest {
  Pack<T, Isa> operator()(Pack<T, Isa> a, Pack<T, Isa> b) const { return maximum(a, b); }
  T of_two(T a, T b) const { return a >= b || a != a ? a : b; }
};
template <class T, class Isa>
struct Least {
  Pack<T, Isa> operator()(Pack<T, Isa> a, Pack<T, Isa> b) const { return minimum(a, b); }
  T of_two(T a, T b) const { return a <= b || a != a ? a : b; }
};

template <class T, class Isa>
T max_block(const T* x, std::int64_t n) {
  return extreme_block<T, Isa>(x, n, Greatest<T, Isa>{});
}
template <class T, class Isa>
T min_block(const T* x, std::int64_t n) {
  return extreme_block<T, Isa>(x, n, Least<T, Isa>{});
}

template <class T, class Isa>
const Reduce<T>& reduce_for() {
  static constexpr Reduce<T> table{sum_block<T, Isa>, sum_rows_block<T, Isa>, max_block<T, Isa>,
                                   min_block<T, Isa>};
  return table;
}

}  // namespace autograd::kernels
