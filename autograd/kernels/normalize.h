#pragma once

#include <cstdint>

#include "autograd/kernels/dispatch.h"

// Moments of channels, and affine maps, compiled once per instruction set. A channel is either
// `rows` contiguous runs of `n` elements, `stride` elements apart, or one of the `n` columns of
// such rows.
namespace autograd::kernels {

// The number of elements, their mean, and the sum of the squares of their distances from it.
struct Moments {
  double count, mean, squares;
};
// The sums of g and of g (x - shift).
struct Products {
  double g, gx;
};

// y = (x - shift) scale + offset
template <class T>
struct Affine {
  const T *shift, *scale, *offset;
};
// gx = gy scale + (x - shift) slope + offset
template <class T>
struct AffineGrad {
  const T *shift, *scale, *slope, *offset;
};

// The affine map of a row: y = ((x - shift) scale + offset) gamma + beta.
template <class T>
struct Row {
  T shift, scale, offset;
};
// The gradients of this map: gx = gy gamma scale + (x - shift) slope + line, and, accumulated,
// ggamma += gy ((x - shift) scale + offset) and gbeta += gy.
template <class T>
struct RowGrad {
  Row<T> row;
  T slope, line;
};

template <class T>
struct Normalize {
  // For blocks of at most some thousand elements, because they are read twice. The two-pass
  // algorithm with a correction by the sum of the deviations; Chan, Golub and LeVeque, "Algorithms
  // for computing the sample variance", 1983.
  Moments (*moments)(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t n);
  void (*column_moments)(const T* x, std::int64_t rows, std::int64_t stride, std::int64_t n,
                         Moments* out);
  Products (*products)(const T* x, const T* g, T shift, std::int64_t rows, std::int64_t stride,
                       std::int64_t n);
  void (*column_products)(const T* x, const T* g, const T* shift, std::int64_t rows,
                          std::int64_t stride, std::int64_t n, Products* out);
  // On n neighbours, with one number of each kind for all (`step` 0) or one for each (1).
  void (*affine)(const T* x, const Affine<T>& a, int step, std::int64_t n, T* y);
  void (*affine_grad)(const T* x, const T* gy, const AffineGrad<T>& a, int step, std::int64_t n,
                      T* gx);
  // On a row of n, with n numbers gamma and beta.
  void (*row)(const T* x, const Row<T>& a, const T* gamma, const T* beta, std::int64_t n, T* y);
  // The sums of g = gy gamma and of g (x - shift), for some thousand elements at most.
  Products (*row_products)(const T* x, const T* gy, const T* gamma, T shift, std::int64_t n);
  void (*row_grad)(const T* x, const T* gy, const T* gamma, const RowGrad<T>& a, std::int64_t n,
                   T* gx, T* ggamma, T* gbeta);
};

template <class T, class Isa>
const Normalize<T>& normalize_for();  // defined in kernels/isa/

template <class T>
const Normalize<T>& normalize() {
  return with_active_isa(
      []<class Isa>() -> const Normalize<T>& { return normalize_for<T, Isa>(); });
}

}  // namespace autograd::kernels
