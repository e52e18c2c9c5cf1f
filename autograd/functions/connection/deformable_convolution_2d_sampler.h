#pragma once

#include <concepts>

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

namespace autograd::inline functions {

struct DeformableConvolution2DSamplerOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
};

// convolution_2d() whose filters look beside their places: for x (N, C, H, W), W (O, C, kh, kw) and b
// (O) or none, place k = i kw + j of the filter at output pixel (y, x) is moved by offset[n, k, y, x]
// pixels to the right and offset[n, kh kw + k, y, x] downward, for `offset` (N, 2 kh kw, out_h,
// out_w), whose last two lengths are those of the result (N, O, out_h, out_w). Between pixels values
// are interpolated bilinearly; outside of the padded image they fade to 0 over one pixel. J. Dai and
// others, arXiv:1703.06211.
Variable deformable_convolution_2d_sampler(
    const Variable& x, const Variable& offset, const Variable& W, const Variable& b = {},
    const DeformableConvolution2DSamplerOptions& options = {});
template <
    std::same_as<DeformableConvolution2DSamplerOptions> O = DeformableConvolution2DSamplerOptions>
Variable deformable_convolution_2d_sampler(const Variable& x, const Variable& offset,
                                           const Variable& W, const O& options) {
  return deformable_convolution_2d_sampler(x, offset, W, {}, options);
}
// By position, as Chainer.
inline Variable deformable_convolution_2d_sampler(const Variable& x, const Variable& offset,
                                                  const Variable& W, const Variable& b,
                                                  HeightWidth stride, HeightWidth pad = 0) {
  return deformable_convolution_2d_sampler(x, offset, W, b, {.stride = stride, .pad = pad});
}

}  // namespace autograd::inline functions
