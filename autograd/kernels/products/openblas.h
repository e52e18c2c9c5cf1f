#pragma once

#include <cblas.h>

namespace autograd::kernels {

// Keeps OpenBLAS from starting threads of its own. Must be called before each use of OpenBLAS,
// because the program may have set another number. Two thread pools that wait for each other are
// slower than one, and results would depend on the number of processors. For OpenBLAS's OpenMP
// build see machine/openmp.h.
inline void hold_openblas_to_one_thread() {
  if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
}

}  // namespace autograd::kernels
