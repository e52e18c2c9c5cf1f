#pragma once

#include "autograd/kernels/convolution/convolution.h"
#include "autograd/kernels/onednn.h"

// Convolutions in float32 by oneDNN. The batch is cut into parts whose borders depend on the sizes
// alone. The threads of parallel.h run the parts, and oneDNN computes each part in one thread. So
// there is one thread pool, and results are the same, bit for bit, for any number of threads.
//
// Each function returns whether oneDNN supports the case; if not, nothing was written. x, W, b and
// y are as in kernels/convolution/convolution.h.
namespace autograd::array::onednn {

inline constexpr bool kBuilt = kernels::kOnednn;

bool convolve(const kernels::Convolution& s, const float* x, const float* W, const float* b,
              float* y);
bool convolve_back(const kernels::Convolution& s, const float* y, const float* W, const float* b,
                   float* x);
bool convolve_filters(const kernels::Convolution& s, const float* x, const float* y, float* W);

}  // namespace autograd::array::onednn
