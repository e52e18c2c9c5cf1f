#pragma once

#include "autograd/kernels/convolution/convolution.h"
#include "autograd/kernels/onednn.h"

// Convolutions in float32 by oneDNN. They are cut into parts of the batch whose borders depend on
// the sizes alone; our threads run the parts, each by oneDNN in one thread. So there is one pool,
// and the bits do not depend on the number of threads.
//
// Each returns whether oneDNN has a way to do it; if not, nothing was written. x, W, b and y are as
// in kernels/convolution/convolution.h.
namespace autograd::array::onednn {

inline constexpr bool kBuilt = kernels::kOnednn;

bool convolve(const kernels::Convolution& s, const float* x, const float* W, const float* b,
              float* y);
bool convolve_back(const kernels::Convolution& s, const float* y, const float* W, const float* b,
                   float* x);
bool convolve_filters(const kernels::Convolution& s, const float* x, const float* y, float* W);

}  // namespace autograd::array::onednn
