#pragma once

#include <cstdint>

namespace autograd::kernels {

// What computes products in float32, unless they are tiny; OpenBLAS computes all others. At start:
// the environment variable AUTOGRAD_GEMM (onednn or openblas), else oneDNN where there is one.
enum class GemmEngine { onednn, openblas };
GemmEngine gemm_engine();

// A matrix operand: element (i, j) is at p[i * row_stride + j * column_stride]; one of the strides
// is 1.
template <class T>
struct Matrix {
  const T* p;
  std::int64_t row_stride, column_stride;
};

// C = A B + beta C, A (m, k), B (k, n), C (m, n) with rows of ldc elements. Spread over the threads
// in pieces whose borders depend on the shape alone, so the bits do not depend on the number of
// threads. Where `row` is given, C = A B + row in each row of C instead.
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<float> a, Matrix<float> b,
          float beta, float* c, std::int64_t ldc, const float* row = nullptr);
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<double> a, Matrix<double> b,
          double beta, double* c, std::int64_t ldc, const double* row = nullptr);

}  // namespace autograd::kernels
