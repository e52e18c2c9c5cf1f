#pragma once

#include <cstdint>

namespace autograd::kernels {

// Computes the eigenvalues of the symmetric matrix a (n, n), in ascending order; overwrites a.
// Returns false if a holds NaN or an infinity.
bool symmetric_eigenvalues(std::int64_t n, float* a, float* eigenvalues);
bool symmetric_eigenvalues(std::int64_t n, double* a, double* eigenvalues);

// Replaces the matrix a (n, n) by its inverse, by LU decomposition with partial pivoting. Returns
// false if a pivot is 0; the contents of a are then unspecified.
bool invert(std::int64_t n, float* a);
bool invert(std::int64_t n, double* a);

// The determinant of a (n, n), by the same decomposition; overwrites a. A double, because the
// product may be large.
double determinant(std::int64_t n, float* a);
double determinant(std::int64_t n, double* a);

}  // namespace autograd::kernels
