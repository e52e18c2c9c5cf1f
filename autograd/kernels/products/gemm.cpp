#include "autograd/kernels/products/gemm.h"

#include <cblas.h>

#include <algorithm>

#include "autograd/kernels/onednn.h"
#include "autograd/kernels/products/openblas.h"
#include "autograd/machine/environment.h"
#include "autograd/machine/openmp.h"
#include "autograd/machine/parallel.h"

#ifdef CHAINETTE_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif

namespace autograd::kernels {
namespace {

// Computes one product in the calling thread with the arguments of BLAS: whether a matrix is
// transposed, and the distance between lines. BLAS refuses a distance that is shorter than a line,
// even if the matrix has only one line.
template <class T>
struct Operand {
  Operand(const Matrix<T>& a, std::int64_t rows, std::int64_t columns)
      : p(a.p),
        transposed(a.column_stride != 1),
        ld(transposed ? std::max(a.column_stride, rows) : std::max(a.row_stride, columns)) {}

  const T* p;
  bool transposed;
  std::int64_t ld;
};

CBLAS_TRANSPOSE order(bool transposed) { return transposed ? CblasTrans : CblasNoTrans; }

#ifdef CHAINETTE_ONEDNN
// A call of oneDNN costs 0.2 us, as much as OpenBLAS needs for 16 x 16 x 16.
bool by_onednn(std::int64_t m, std::int64_t n, std::int64_t k) {
  return m * n * k > 16 * 16 * 16 && gemm_engine() == GemmEngine::onednn && onednn_is_alive();
}

bool multiplied_by_onednn(std::int64_t m, std::int64_t n, std::int64_t k, const Operand<float>& a,
                          const Operand<float>& b, float beta, float* c, std::int64_t ldc) {
  if (dnnl_sgemm(a.transposed ? 'T' : 'N', b.transposed ? 'T' : 'N', m, n, k, 1, a.p, a.ld, b.p,
                 b.ld, beta, c, ldc) != dnnl_success)
    return false;
  static const bool watched = [] {
    watch_onednn();
    return true;
  }();
  return watched;
}
#endif

void multiply(std::int64_t m, std::int64_t n, std::int64_t k, const Operand<float>& a,
              const Operand<float>& b, float beta, float* c, std::int64_t ldc) {
#ifdef CHAINETTE_ONEDNN
  if (by_onednn(m, n, k) && multiplied_by_onednn(m, n, k, a, b, beta, c, ldc)) return;
#endif
  hold_openblas_to_one_thread();
  const auto i = [](std::int64_t length) { return static_cast<blasint>(length); };
  cblas_sgemm(CblasRowMajor, order(a.transposed), order(b.transposed), i(m), i(n), i(k), 1, a.p,
              i(a.ld), b.p, i(b.ld), beta, c, i(ldc));
}
void multiply(std::int64_t m, std::int64_t n, std::int64_t k, const Operand<double>& a,
              const Operand<double>& b, double beta, double* c, std::int64_t ldc) {
  hold_openblas_to_one_thread();
  const auto i = [](std::int64_t length) { return static_cast<blasint>(length); };
  cblas_dgemm(CblasRowMajor, order(a.transposed), order(b.transposed), i(m), i(n), i(k), 1, a.p,
              i(a.ld), b.p, i(b.ld), beta, c, i(ldc));
}

// The number of pieces of a product, which depends on its shape alone. Each piece packs the shared
// operand again. This costs 1 to 2 % of the VAE's products in two pieces, so a small product has
// few pieces.
std::int64_t pieces(std::int64_t m, std::int64_t n, std::int64_t k) {
  const double multiplications =
      static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return multiplications < 5e5 ? 1 : multiplications < 4e7 ? 2 : multiplications < 3.2e8 ? 4 : 8;
}

template <class T>
void start_from(const T* row, std::int64_t m, std::int64_t n, T* c, std::int64_t ldc) {
  for (std::int64_t i = 0; i < m && row != nullptr; ++i) std::copy_n(row, n, c + i * ldc);
}

template <class T>
void gemm_of(std::int64_t m, std::int64_t n, std::int64_t k, const Matrix<T>& a, const Matrix<T>& b,
             T beta, T* c, std::int64_t ldc, const T* row) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (std::int64_t i = 0; i < m && beta == 0; ++i) std::fill_n(c + i * ldc, n, T(0));
    start_from(row, m, n, c, ldc);
    return;
  }
  if (row != nullptr) beta = 1;
  if constexpr (kOnednn) limit_onednn();
  const bool by_columns = n >= m;
  const std::int64_t length = by_columns ? n : m, count = pieces(m, n, k);
  // Multiples of a register's width keep every piece on the fast path of the micro-kernel.
  const std::int64_t lanes = by_columns ? 16 : 8;
  const std::int64_t grain = ((length + count - 1) / count + lanes - 1) / lanes * lanes;
  parallel::for_chunks(length, grain, [&](std::int64_t begin, std::int64_t end) {
    const openmp::OneThread one_thread;
    Operand<T> part_of_a(a, m, k), part_of_b(b, k, n);
    if (by_columns) {
      part_of_b.p += begin * b.column_stride;
      start_from(row == nullptr ? nullptr : row + begin, m, end - begin, c + begin, ldc);
      multiply(m, end - begin, k, part_of_a, part_of_b, beta, c + begin, ldc);
    } else {
      part_of_a.p += begin * a.row_stride;
      start_from(row, end - begin, n, c + begin * ldc, ldc);
      multiply(end - begin, n, k, part_of_a, part_of_b, beta, c + begin * ldc, ldc);
    }
  });
}

}  // namespace

GemmEngine gemm_engine() {
  static const GemmEngine engine = [] {
    constexpr const char* kVariable = "AUTOGRAD_GEMM";
    const std::string_view name = kOnednn ? environment_choice(kVariable, {"onednn", "openblas"})
                                          : environment_choice(kVariable, {"openblas"});
    return name == "onednn" ? GemmEngine::onednn : GemmEngine::openblas;
  }();
  return engine;
}

void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<float> a, Matrix<float> b,
          float beta, float* c, std::int64_t ldc, const float* row) {
  gemm_of(m, n, k, a, b, beta, c, ldc, row);
}
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, Matrix<double> a, Matrix<double> b,
          double beta, double* c, std::int64_t ldc, const double* row) {
  gemm_of(m, n, k, a, b, beta, c, ldc, row);
}

}  // namespace autograd::kernels
