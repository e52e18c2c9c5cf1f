#pragma once

#include <cstdint>

#include "autograd/kernels/dispatch.h"

// Sums and extremes over contiguous blocks, compiled once per instruction set.
namespace autograd::kernels {

template <class T>
struct Reduce {
  // The sum of x[0..n), accurate for blocks of some thousand elements.
  double (*sum)(const T* x, std::int64_t n);
  // y[j] = sum over i < rows of x[i * row_stride + j], j < columns, rows at least 1.
  void (*sum_rows)(const T* x, std::int64_t rows, std::int64_t row_stride, std::int64_t columns,
                   T* y);
  // The greatest, or least, of x[0..n), n at least 1; NaN if there is one.
  T (*max)(const T* x, std::int64_t n);
  T (*min)(const T* x, std::int64_t n);
};

template <class T, class Isa>
const Reduce<T>& reduce_for();  // defined in kernels/isa/

template <class T>
const Reduce<T>& reduce() {
  return with_active_isa([]<class Isa>() -> const Reduce<T>& { return reduce_for<T, Isa>(); });
}

}  // namespace autograd::kernels
