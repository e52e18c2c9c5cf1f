#pragma once

#include <cstdint>

namespace autograd::kernels {

// The eigenvalues of the symmetric matrix a (n, n), in rising order; what stood in a is lost.
// Whether they were found: not if a holds NaN or an infinity.
bool symmetric_eigenvalues(std::int64_t n, float* a, float* eigenvalues);
bool symmetric_eigenvalues(std::int64_t n, double* a, double* eigenvalues);

// Takes the place of a (n, n) with its inverse, by P A = L U with the largest pivot of each column.
// Whether it has one: not if a pivot is 0; then what stood in a is lost.
bool invert(std::int64_t n, float* a);
bool invert(std::int64_t n, double* a);

// The determinant of a (n, n), by the same factors; what stood in a is lost. In double, for the
// product may be large.
double determinant(std::int64_t n, float* a);
double determinant(std::int64_t n, double* a);

}  // namespace autograd::kernels
