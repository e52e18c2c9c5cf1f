#include "autograd/kernels/gemm.h"

#include <cblas.h>

#include <algorithm>

#include "autograd/base/openmp.h"
#include "autograd/base/parallel.h"

namespace autograd::kernels {
namespace {

void multiply(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
              const float* a, blasint lda, const float* b, blasint ldb, float beta, float* c,
              blasint ldc) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}
void multiply(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
              const double* a, blasint lda, const double* b, blasint ldb, double beta, double* c,
              blasint ldc) {
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

// OpenBLAS must not start threads of its own: two pools that wait for each other cost more than
// both win. Its OpenMP build asks OpenMP each time instead (base/openmp.h).
void use_one_thread() {
  static const bool once = (openblas_set_num_threads(1), true);
  (void)once;
}

// Into how many pieces a product is cut, from its shape alone.
std::int64_t pieces(std::int64_t m, std::int64_t n, std::int64_t k) {
  constexpr double kWorthAPiece = 2e6;  // multiplications: some 20 us
  const double work = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(work / kWorthAPiece), 1, 4);
}

template <class T>
void gemm_of(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<T> a, Matrix<T> b, T beta, T* c,
             std::int64_t ldc) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (std::int64_t i = 0; i < m && beta == 0; ++i) std::fill_n(c + i * ldc, n, T(0));
    return;
  }
  use_one_thread();
  const auto ta = a.column_stride == 1 ? CblasNoTrans : CblasTrans;
  const auto tb = b.column_stride == 1 ? CblasNoTrans : CblasTrans;
  const auto lda = static_cast<blasint>(a.column_stride == 1 ? a.row_stride : a.column_stride);
  const auto ldb = static_cast<blasint>(b.column_stride == 1 ? b.row_stride : b.column_stride);
  const bool by_columns = n >= m;
  const std::int64_t length = by_columns ? n : m;
  // Multiples of 16 keep every piece on the fast path of the micro-kernel.
  const std::int64_t grain = ((length + pieces(m, n, k) - 1) / pieces(m, n, k) + 15) / 16 * 16;
  parallel::for_chunks(length, grain, [&](std::int64_t begin, std::int64_t end) {
    const openmp::OneThread one_thread;
    const auto part = static_cast<blasint>(end - begin);
    if (by_columns)
      multiply(ta, tb, static_cast<blasint>(m), part, static_cast<blasint>(k), a.p, lda,
               b.p + begin * b.column_stride, ldb, beta, c + begin, static_cast<blasint>(ldc));
    else
      multiply(ta, tb, part, static_cast<blasint>(n), static_cast<blasint>(k),
               a.p + begin * a.row_stride, lda, b.p, ldb, beta, c + begin * ldc,
               static_cast<blasint>(ldc));
  });
}

}  // namespace

void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<float> a, Matrix<float> b,
          float beta, float* c, std::int64_t ldc) {
  gemm_of(m, n, k, a, b, beta, c, ldc);
}
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<double> a, Matrix<double> b,
          double beta, double* c, std::int64_t ldc) {
  gemm_of(m, n, k, a, b, beta, c, ldc);
}

}  // namespace autograd::kernels
