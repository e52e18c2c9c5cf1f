#pragma once

#include <cstdint>

namespace autograd::kernels {

// The engine for products in float32 that are not tiny; OpenBLAS computes all others. The initial
// engine is the environment variable AUTOGRAD_GEMM (onednn or openblas), else oneDNN if available.
enum class GemmEngine { onednn, openblas };
GemmEngine gemm_engine();

// A matrix operand: element (i, j) is at p[i * row_stride + j * column_stride]; one of the strides
// is 1.
template <class T>
struct Matrix {
  const T* p;
  std::int64_t row_stride, column_stride;
};

// C = A B + beta C, A (m, k), B (k, n), C (m, n) with rows of ldc elements. Computed in parallel,
// in pieces whose borders depend on the shape alone, so results are the same, bit for bit, for any
// number of threads. If `row` is given, each row of C is that of A B plus `row`, and beta is
// ignored.
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<float> a, Matrix<float> b,
          float beta, float* c, std::int64_t ldc, const float* row = nullptr);
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<double> a, Matrix<double> b,
          double beta, double* c, std::int64_t ldc, const double* row = nullptr);

}  // namespace autograd::kernels
