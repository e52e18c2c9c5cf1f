#include "autograd/kernels/products/lapack.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "autograd/kernels/products/openblas.h"

// Debian's OpenBLAS contains LAPACK, but no header for it. In Fortran, all arguments are passed by
// address, and the lengths of strings follow all other arguments.
// NOLINTBEGIN(readability-identifier-naming): LAPACK chose the names
extern "C" {
void ssyev_(const char* jobz, const char* uplo, const blasint* n, float* a, const blasint* lda,
            float* w, float* work, const blasint* lwork, blasint* info, std::size_t jobz_length,
            std::size_t uplo_length);
void dsyev_(const char* jobz, const char* uplo, const blasint* n, double* a, const blasint* lda,
            double* w, double* work, const blasint* lwork, blasint* info, std::size_t jobz_length,
            std::size_t uplo_length);
void spotrf_(const char* uplo, const blasint* n, float* a, const blasint* lda, blasint* info,
             std::size_t uplo_length);
void dpotrf_(const char* uplo, const blasint* n, double* a, const blasint* lda, blasint* info,
             std::size_t uplo_length);
void sgetrf_(const blasint* m, const blasint* n, float* a, const blasint* lda, blasint* pivots,
             blasint* info);
void dgetrf_(const blasint* m, const blasint* n, double* a, const blasint* lda, blasint* pivots,
             blasint* info);
void sgetri_(const blasint* n, float* a, const blasint* lda, const blasint* pivots, float* work,
             const blasint* lwork, blasint* info);
void dgetri_(const blasint* n, double* a, const blasint* lda, const blasint* pivots, double* work,
             const blasint* lwork, blasint* info);
void sgeqrf_(const blasint* m, const blasint* n, float* a, const blasint* lda, float* tau,
             float* work, const blasint* lwork, blasint* info);
void dgeqrf_(const blasint* m, const blasint* n, double* a, const blasint* lda, double* tau,
             double* work, const blasint* lwork, blasint* info);
void sorgqr_(const blasint* m, const blasint* n, const blasint* k, float* a, const blasint* lda,
             const float* tau, float* work, const blasint* lwork, blasint* info);
void dorgqr_(const blasint* m, const blasint* n, const blasint* k, double* a, const blasint* lda,
             const double* tau, double* work, const blasint* lwork, blasint* info);
void dgesdd_(const char* jobz, const blasint* m, const blasint* n, double* a, const blasint* lda,
             double* s, double* u, const blasint* ldu, double* vt, const blasint* ldvt,
             double* work, const blasint* lwork, blasint* iwork, blasint* info,
             std::size_t jobz_length);
}
// NOLINTEND(readability-identifier-naming)

namespace autograd::kernels {
namespace {

void syev(const char* jobz, blasint n, float* a, float* w, float* work, blasint length,
          blasint* info) {
  ssyev_(jobz, "U", &n, a, &n, w, work, &length, info, 1, 1);
}
void syev(const char* jobz, blasint n, double* a, double* w, double* work, blasint length,
          blasint* info) {
  dsyev_(jobz, "U", &n, a, &n, w, work, &length, info, 1, 1);
}

// With `jobz` "V" the eigenvectors, too.
template <class T>
bool eigenvalues_of(const char* jobz, std::int64_t count, T* a, T* eigenvalues) {
  if (count == 0) return true;
  hold_openblas_to_one_thread();
  // With NaN, LAPACK may search for eigenvalues forever.
  if (!std::all_of(a, a + count * count, [](T x) { return std::isfinite(x); })) return false;
  const auto n = static_cast<blasint>(count);
  blasint info = 0;
  T length = 0;
  syev(jobz, n, a, eigenvalues, &length, -1, &info);  // asks for the size of the workspace
  std::vector<T> work(static_cast<std::size_t>(length));
  syev(jobz, n, a, eigenvalues, work.data(), static_cast<blasint>(work.size()), &info);
  return info == 0;
}

void potrf(blasint n, float* a, blasint* info) { spotrf_("U", &n, a, &n, info, 1); }
void potrf(blasint n, double* a, blasint* info) { dpotrf_("U", &n, a, &n, info, 1); }

// LAPACK reads a by columns: the lower triangle as the upper one. It leaves the other triangle as
// it was.
template <class T>
bool cholesky_in_place(std::int64_t n, T* a) {
  if (n == 0) return true;
  hold_openblas_to_one_thread();
  blasint info = 0;
  potrf(static_cast<blasint>(n), a, &info);
  for (std::int64_t i = 0; i < n; ++i) std::fill(a + i * n + i + 1, a + (i + 1) * n, T(0));
  return info == 0;
}

void getrf(blasint n, float* a, blasint* pivots, blasint* info) {
  sgetrf_(&n, &n, a, &n, pivots, info);
}
void getrf(blasint n, double* a, blasint* pivots, blasint* info) {
  dgetrf_(&n, &n, a, &n, pivots, info);
}
void getri(blasint n, float* a, const blasint* pivots, float* work, blasint length, blasint* info) {
  sgetri_(&n, a, &n, pivots, work, &length, info);
}
void getri(blasint n, double* a, const blasint* pivots, double* work, blasint length,
           blasint* info) {
  dgetri_(&n, a, &n, pivots, work, &length, info);
}

// LAPACK reads a by columns, that is, as the transpose of a. The inverse of the transpose is the
// transpose of the inverse, and its determinant is the same.
template <class T>
std::vector<blasint> factor(std::int64_t n, T* a) {
  hold_openblas_to_one_thread();
  std::vector<blasint> pivots(static_cast<std::size_t>(n));
  blasint info = 0;
  getrf(static_cast<blasint>(n), a, pivots.data(), &info);
  return pivots;
}

template <class T>
bool invert_in_place(std::int64_t n, T* a) {
  if (n == 0) return true;
  const std::vector<blasint> pivots = factor(n, a);
  blasint info = 0;
  T length = 0;
  getri(static_cast<blasint>(n), a, pivots.data(), &length, -1,
        &info);  // asks for the size of the workspace
  std::vector<T> work(static_cast<std::size_t>(length));
  getri(static_cast<blasint>(n), a, pivots.data(), work.data(), static_cast<blasint>(work.size()),
        &info);
  return info == 0;
}

void geqrf(blasint m, blasint n, float* a, float* tau, float* work, blasint length) {
  blasint info = 0;
  sgeqrf_(&m, &n, a, &m, tau, work, &length, &info);
}
void geqrf(blasint m, blasint n, double* a, double* tau, double* work, blasint length) {
  blasint info = 0;
  dgeqrf_(&m, &n, a, &m, tau, work, &length, &info);
}
void orgqr(blasint m, blasint k, float* a, const float* tau, float* work, blasint length) {
  blasint info = 0;
  sorgqr_(&m, &k, &k, a, &m, tau, work, &length, &info);
}
void orgqr(blasint m, blasint k, double* a, const double* tau, double* work, blasint length) {
  blasint info = 0;
  dorgqr_(&m, &k, &k, a, &m, tau, work, &length, &info);
}

template <class T>
void qr_of(std::int64_t rows, std::int64_t columns, T* a, T* r) {
  const std::int64_t least = std::min(rows, columns);
  if (least == 0) return;
  hold_openblas_to_one_thread();
  const auto m = static_cast<blasint>(rows), n = static_cast<blasint>(columns),
             k = static_cast<blasint>(least);
  std::vector<T> tau(static_cast<std::size_t>(k));
  T length = 0, other_length = 0;
  geqrf(m, n, a, tau.data(), &length, -1);  // asks how much memory it wants
  orgqr(m, k, a, tau.data(), &other_length, -1);
  std::vector<T> work(static_cast<std::size_t>(std::max(length, other_length)));
  const auto size = static_cast<blasint>(work.size());
  geqrf(m, n, a, tau.data(), work.data(), size);
  for (std::int64_t j = 0; j < columns; ++j)
    for (std::int64_t i = 0; i <= std::min(j, least - 1); ++i) r[i * columns + j] = a[j * rows + i];
  orgqr(m, k, a, tau.data(), work.data(), size);
}

template <class T>
double determinant_of(std::int64_t n, T* a) {
  if (n == 0) return 1;
  const std::vector<blasint> pivots = factor(n, a);
  double product = 1;
  for (std::int64_t i = 0; i < n; ++i) {
    const bool swapped = pivots[static_cast<std::size_t>(i)] != static_cast<blasint>(i + 1);
    product *= swapped ? -static_cast<double>(a[i * n + i]) : static_cast<double>(a[i * n + i]);
  }
  return product;
}

}  // namespace

bool invert(std::int64_t n, float* a) { return invert_in_place(n, a); }
bool invert(std::int64_t n, double* a) { return invert_in_place(n, a); }
void qr(std::int64_t m, std::int64_t n, float* a, float* r) { qr_of(m, n, a, r); }
void qr(std::int64_t m, std::int64_t n, double* a, double* r) { qr_of(m, n, a, r); }
double determinant(std::int64_t n, float* a) { return determinant_of(n, a); }
double determinant(std::int64_t n, double* a) { return determinant_of(n, a); }

bool symmetric_eigenvalues(std::int64_t n, float* a, float* eigenvalues) {
  return eigenvalues_of("N", n, a, eigenvalues);
}
bool symmetric_eigenvalues(std::int64_t n, double* a, double* eigenvalues) {
  return eigenvalues_of("N", n, a, eigenvalues);
}
bool symmetric_eigenvectors(std::int64_t n, float* a, float* eigenvalues) {
  return eigenvalues_of("V", n, a, eigenvalues);
}
bool symmetric_eigenvectors(std::int64_t n, double* a, double* eigenvalues) {
  return eigenvalues_of("V", n, a, eigenvalues);
}

bool cholesky(std::int64_t n, float* a) { return cholesky_in_place(n, a); }
bool cholesky(std::int64_t n, double* a) { return cholesky_in_place(n, a); }

bool singular_values(std::int64_t count, double* a, double* s, double* v) {
  if (count == 0) return true;
  hold_openblas_to_one_thread();
  const auto size = static_cast<std::size_t>(count);
  if (!std::all_of(a, a + size * size, [](double x) { return std::isfinite(x); })) return false;
  // LAPACK stores matrices by columns, so this turns the matrix before, and v after it.
  const auto transpose = [size](double* matrix) {
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < i; ++j) std::swap(matrix[i * size + j], matrix[j * size + i]);
  };
  transpose(a);
  const auto n = static_cast<blasint>(count);
  std::vector<double> u(size * size);
  std::vector<blasint> integers(8 * size);
  double length = 0;
  blasint query = -1, info = 0;
  dgesdd_("A", &n, &n, a, &n, s, u.data(), &n, v, &n, &length, &query, integers.data(), &info, 1);
  std::vector<double> work(static_cast<std::size_t>(length));
  const auto given = static_cast<blasint>(work.size());
  dgesdd_("A", &n, &n, a, &n, s, u.data(), &n, v, &n, work.data(), &given, integers.data(), &info,
          1);
  transpose(v);
  return info == 0;
}

}  // namespace autograd::kernels
