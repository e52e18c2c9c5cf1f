#pragma once

#include <cstdint>

namespace autograd::kernels {

// The eigenvalues of the symmetric matrix a (n, n), in rising order; what stood in a is lost.
// Whether they were found: not if a holds NaN or an infinity.
bool symmetric_eigenvalues(std::int64_t n, float* a, float* eigenvalues);
bool symmetric_eigenvalues(std::int64_t n, double* a, double* eigenvalues);

}  // namespace autograd::kernels
