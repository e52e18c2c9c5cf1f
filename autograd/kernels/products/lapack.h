#pragma once

#include <cstdint>

namespace autograd::kernels {

// Computes the eigenvalues of the symmetric matrix a (n, n), in ascending order; overwrites a.
// Returns false if a holds NaN or an infinity.
bool symmetric_eigenvalues(std::int64_t n, float* a, float* eigenvalues);
bool symmetric_eigenvalues(std::int64_t n, double* a, double* eigenvalues);

// The same, and replaces a by the eigenvectors, of length 1: row k belongs to eigenvalue k.
bool symmetric_eigenvectors(std::int64_t n, float* a, float* eigenvalues);
bool symmetric_eigenvectors(std::int64_t n, double* a, double* eigenvalues);

// Replaces the symmetric matrix a (n, n), of which only the lower triangle is read, by the lower
// triangular L with a = L L^T and a positive diagonal. Returns false if there is none; the contents
// of a are then unspecified.
bool cholesky(std::int64_t n, float* a);
bool cholesky(std::int64_t n, double* a);

// Replaces the matrix a (n, n) by its inverse, by LU decomposition with partial pivoting. Returns
// false if a pivot is 0; the contents of a are then unspecified.
bool invert(std::int64_t n, float* a);
bool invert(std::int64_t n, double* a);

// The decomposition a = q r of the matrix a (m, n), which is stored by columns, with k = min(m, n):
// puts q (m, k) in the place of the first k columns of a, and r (k, n) into r, which is stored by
// rows and holds zeros.
void qr(std::int64_t m, std::int64_t n, float* a, float* r);
void qr(std::int64_t m, std::int64_t n, double* a, double* r);

// The determinant of a (n, n), by the same decomposition; overwrites a. A double, because the
// product may be large.
double determinant(std::int64_t n, float* a);
double determinant(std::int64_t n, double* a);

// The singular value decomposition a = u diag(s) v of a square matrix, by divide and conquer as
// numpy.linalg.svd: s (n) in falling order, v (n, n) by rows. Overwrites a. Returns false if a holds
// NaN or an infinity.
bool singular_values(std::int64_t n, double* a, double* s, double* v);

}  // namespace autograd::kernels
