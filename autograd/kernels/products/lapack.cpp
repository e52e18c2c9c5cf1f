#include "autograd/kernels/products/lapack.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "autograd/kernels/products/openblas.h"

// Debian's OpenBLAS contains LAPACK, but no header for it. Fortran passes everything by address,
// and the lengths of strings after all other arguments.
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
}

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
  // LAPACK may search for the eigenvalues of NaN without end.
  if (!std::all_of(a, a + count * count, [](T x) { return std::isfinite(x); })) return false;
  const auto n = static_cast<blasint>(count);
  blasint info = 0;
  T length = 0;
  syev(jobz, n, a, eigenvalues, &length, -1, &info);  // asks how much memory it wants
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

// LAPACK reads a by columns, which makes it the transpose: its inverse is the inverse's transpose,
// and its determinant the same.
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
        &info);  // asks how much memory it wants
  std::vector<T> work(static_cast<std::size_t>(length));
  getri(static_cast<blasint>(n), a, pivots.data(), work.data(), static_cast<blasint>(work.size()),
        &info);
  return info == 0;
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

}  // namespace autograd::kernels
