#pragma once

#include <cblas.h>

namespace autograd::kernels {

// Whoever calls OpenBLAS calls this first, each time, for the program may have set another number:
// it must not start threads of its own. Two pools that wait for each other cost more than both win,
// and results would depend on the number of processors. Its OpenMP build asks OpenMP instead
// (base/openmp.h).
inline void hold_openblas_to_one_thread() {
  if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
}

}  // namespace autograd::kernels
