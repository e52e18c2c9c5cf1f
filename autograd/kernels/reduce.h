#pragma once

#include <cstdint>

#include "autograd/base/cpu.h"

// Sums over contiguous blocks, compiled once per instruction set.
namespace autograd::kernels {

template <class T>
struct Reduce {
  // The sum of x[0..n), accurate for blocks of some thousand elements.
  double (*sum)(const T* x, std::int64_t n);
  // y[j] = sum over i < rows of x[i * row_stride + j], j < columns, rows at least 1.
  void (*sum_rows)(const T* x, std::int64_t rows, std::int64_t row_stride, std::int64_t columns, T* y);
};

template <class T, class Isa>
const Reduce<T>& reduce_for();  // defined in kernels/isa/

template <class T>
const Reduce<T>& reduce() {
#ifdef __x86_64__
  switch (cpu::active()) {
    case cpu::Isa::avx512: return reduce_for<T, struct Avx512>();
    case cpu::Isa::avx2: return reduce_for<T, struct Avx2>();
    case cpu::Isa::baseline: break;
  }
#endif
  return reduce_for<T, struct Baseline>();
}

}  // namespace autograd::kernels
