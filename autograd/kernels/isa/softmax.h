#pragma once

#include "autograd/kernels/isa/reduce.h"
#include "autograd/kernels/softmax.h"

// Included only by the translation units of this folder.
namespace autograd::kernels {

// The sum over a row of term(i, count) for each register; only the first `count` lanes of the last
// register count.
template <class T, class Isa, class Term>
double sum_terms(std::int64_t n, const Term& term) {
  using V = Pack<T, Isa>;
  constexpr std::int64_t kBlock = 4096, w = V::size;
  double total = 0;
  T lanes[V::size];
  for (std::int64_t begin = 0; begin < n; begin += kBlock) {
    const std::int64_t end = begin + kBlock < n ? begin + kBlock : n;
    V sums[4] = {0, 0, 0, 0};
    std::int64_t i = begin;
    for (; i + 4 * w <= end; i += 4 * w)
      for (int k = 0; k < 4; ++k) sums[k] = sums[k] + term(i + k * w, V::size);
    for (; i + w <= end; i += w) sums[0] = sums[0] + term(i, V::size);
    if (i > begin) {
      ((sums[0] + sums[1]) + (sums[2] + sums[3])).store(lanes);
      for (int k = 0; k < V::size; ++k) total += static_cast<double>(lanes[k]);
    }
    if (i == end) continue;
    term(i, static_cast<int>(end - i)).store(lanes);
    for (std::int64_t k = 0; k < end - i; ++k) total += static_cast<double>(lanes[k]);
  }
  return total;
}

// The greatest element if it is finite, else 0.
template <class T, class Isa>
T shift_of(const T* x, std::int64_t n) {
  const T m = max_block<T, Isa>(x, n);
  return m - m == 0 || m != m ? m : T(0);
}

// y = 0 where x is inf, else -inf: beside an infinite element the finite ones have weight 0, and
// softmax(y) is the limit of softmax(x).
template <class T, class Isa>
void only_infinite(const T* x, std::int64_t n, T* y) {
  using V = Pack<T, Isa>;
  const V inf = __builtin_inf();
  for_packs<T, Isa>(n, [=](long i, int count) {
    write<T, Isa>(select(read<T, Isa>(x + i, count) == inf, V(0), -inf), y + i, count);
  });
}

template <class T, class Isa>
void softmax_row(const T* x, std::int64_t n, T* y) {
  using V = Pack<T, Isa>;
  const V m = shift_of<T, Isa>(x, n);
  const double sum = sum_terms<T, Isa>(n, [&](std::int64_t i, int count) {
    const V e = exp(read<T, Isa>(x + i, count) - m);
    write<T, Isa>(e, y + i, count);
    return e;
  });
  if (sum == __builtin_inf()) {  // no term is above 1, unless it is e^inf
    only_infinite<T, Isa>(x, n, y);
    return softmax_row<T, Isa>(y, n, y);
  }
  const V total = sum;
  for_packs<T, Isa>(n, [=](long i, int count) {
    write<T, Isa>(read<T, Isa>(y + i, count) / total, y + i, count);
  });
}

template <class T, class Isa>
T exp_sum_row(const T* x, std::int64_t n, T* shift) {
  using V = Pack<T, Isa>;
  constexpr double inf = __builtin_inf();
  *shift = shift_of<T, Isa>(x, n);
  const V m = *shift;
  const double total = sum_terms<T, Isa>(
      n, [&](std::int64_t i, int count) { return exp(read<T, Isa>(x + i, count) - m); });
  if (total != inf) return static_cast<T>(total);
  *shift = static_cast<T>(inf);
  return static_cast<T>(sum_terms<T, Isa>(n, [&](std::int64_t i, int count) {
    return select(read<T, Isa>(x + i, count) == inf, V(1), V(0));
  }));
}

template <class T, class Isa>
void scaled_exp_row(const T* x, std::int64_t n, T shift, T scale, T* y) {
  using V = Pack<T, Isa>;
  if (shift == T(__builtin_inf())) {
    only_infinite<T, Isa>(x, n, y);
    return scaled_exp_row<T, Isa>(y, n, 0, scale, y);
  }
  const V m = shift, factor = scale;
  for_packs<T, Isa>(n, [=](long i, int count) {
    write<T, Isa>(exp(read<T, Isa>(x + i, count) - m) * factor, y + i, count);
  });
}

template <class T, class Isa>
void log_softmax_row(const T* x, std::int64_t n, T* y) {
  using V = Pack<T, Isa>;
  T shift;
  const V total = exp_sum_row<T, Isa>(x, n, &shift);
  if (shift == T(__builtin_inf())) {
    only_infinite<T, Isa>(x, n, y);
    return log_softmax_row<T, Isa>(y, n, y);
  }
  // Subtracted one after the other: beside a large shift, the sum of both would lose the
  // logarithm's digits.
  const V m = shift, log_total = log(total);
  for_packs<T, Isa>(n, [=](long i, int count) {
    write<T, Isa>(read<T, Isa>(x + i, count) - m - log_total, y + i, count);
  });
}

template <class T, class Isa>
void softmax_gradient_row(const T* y, const T* gy, std::int64_t n, T* gx) {
  const Pack<T, Isa> sum = sum_terms<T, Isa>(n, [&](std::int64_t i, int count) {
    return read<T, Isa>(y + i, count) * read<T, Isa>(gy + i, count);
  });
  for_packs<T, Isa>(n, [=](long i, int count) {
    write<T, Isa>(read<T, Isa>(y + i, count) * (read<T, Isa>(gy + i, count) - sum), gx + i, count);
  });
}

template <class T, class Isa>
void log_softmax_gradient_row(const T* y, const T* gy, std::int64_t n, T* gx) {
  const Pack<T, Isa> sum =
      sum_terms<T, Isa>(n, [&](std::int64_t i, int count) { return read<T, Isa>(gy + i, count); });
  for_packs<T, Isa>(n, [=](long i, int count) {
    write<T, Isa>(read<T, Isa>(gy + i, count) - exp(read<T, Isa>(y + i, count)) * sum, gx + i,
                  count);
  });
}

template <class T, class Isa>
const Softmax<T>& softmax_for() {
  static constexpr Softmax<T> table{softmax_row<T, Isa>,          log_softmax_row<T, Isa>,
                                    exp_sum_row<T, Isa>,          scaled_exp_row<T, Isa>,
                                    softmax_gradient_row<T, Isa>, log_softmax_gradient_row<T, Isa>};
  return table;
}

}  // namespace autograd::kernels
