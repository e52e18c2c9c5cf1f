#pragma once

#include <concepts>
#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

// Convolutions of batches of images with any number of axes, (N, C, d_1, ..., d_n): sequences (n =
// 1), pictures (2), volumes (3). On float32 and float64; Chainer's functions/connection. They are
// composed of reshapes and convolution_2d, with the filter positions along the first axes moved
// into the channels. Lengths and errors are as in convolution_2d, axis by axis.
namespace autograd::inline functions {

struct ConvolutionNDOptions {
  ByName by_name = {};
  PerAxis stride = 1, pad = 0;  // 2, or {2, 1, 3}
  bool cover_all = false;       // filters that reach beyond the padded image count, too
  PerAxis dilate = 1;
  std::int64_t groups = 1;
};

// x (N, C, d_1, ..., d_n), W (O, C / groups, k_1, ..., k_n) and b (O) or none give (N, O, out_1,
// ..., out_n). convolution_1d and convolution_3d accept images of 1 and of 3 axes only.
Variable convolution_nd(const Variable& x, const Variable& W, const Variable& b = {},
                        const ConvolutionNDOptions& options = {});
template <std::same_as<ConvolutionNDOptions> O = ConvolutionNDOptions>
Variable convolution_nd(const Variable& x, const Variable& W, const O& options) {
  return convolution_nd(x, W, {}, options);
}
Variable convolution_1d(const Variable& x, const Variable& W, const Variable& b = {},
                        const ConvolutionNDOptions& options = {});
template <std::same_as<ConvolutionNDOptions> O = ConvolutionNDOptions>
Variable convolution_1d(const Variable& x, const Variable& W, const O& options) {
  return convolution_1d(x, W, {}, options);
}
Variable convolution_3d(const Variable& x, const Variable& W, const Variable& b = {},
                        const ConvolutionNDOptions& options = {});
template <std::same_as<ConvolutionNDOptions> O = ConvolutionNDOptions>
Variable convolution_3d(const Variable& x, const Variable& W, const O& options) {
  return convolution_3d(x, W, {}, options);
}
// By position, as Chainer: convolution_1d(x, W, b, 2, 1).
inline Variable convolution_nd(const Variable& x, const Variable& W, const Variable& b,
                               const PerAxis& stride, const PerAxis& pad = 0,
                               bool cover_all = false) {
  return convolution_nd(x, W, b, {.stride = stride, .pad = pad, .cover_all = cover_all});
}
inline Variable convolution_1d(const Variable& x, const Variable& W, const Variable& b,
                               const PerAxis& stride, const PerAxis& pad = 0,
                               bool cover_all = false) {
  return convolution_1d(x, W, b, {.stride = stride, .pad = pad, .cover_all = cover_all});
}
inline Variable convolution_3d(const Variable& x, const Variable& W, const Variable& b,
                               const PerAxis& stride, const PerAxis& pad = 0,
                               bool cover_all = false) {
  return convolution_3d(x, W, b, {.stride = stride, .pad = pad, .cover_all = cover_all});
}

struct DeconvolutionNDOptions {
  ByName by_name = {};
  PerAxis stride = 1, pad = 0;
  // The lengths of the result. A convolution of an image of these lengths must give the lengths of
  // x; for stride > 1 there are several such lengths. By default the smallest: stride (length - 1)
  // + k - 2 pad.
  std::optional<PerAxis> outsize = {};
  PerAxis dilate = 1;
  std::int64_t groups = 1;
};

// The transposed convolution, which spreads each pixel of x over a larger image: x (N, C, d_1, ...,
// d_n), W (C, O / groups, k_1, ..., k_n) and b (O) or none give (N, O, out_1, ..., out_n).
Variable deconvolution_nd(const Variable& x, const Variable& W, const Variable& b = {},
                          const DeconvolutionNDOptions& options = {});
template <std::same_as<DeconvolutionNDOptions> O = DeconvolutionNDOptions>
Variable deconvolution_nd(const Variable& x, const Variable& W, const O& options) {
  return deconvolution_nd(x, W, {}, options);
}
Variable deconvolution_1d(const Variable& x, const Variable& W, const Variable& b = {},
                          const DeconvolutionNDOptions& options = {});
template <std::same_as<DeconvolutionNDOptions> O = DeconvolutionNDOptions>
Variable deconvolution_1d(const Variable& x, const Variable& W, const O& options) {
  return deconvolution_1d(x, W, {}, options);
}
Variable deconvolution_3d(const Variable& x, const Variable& W, const Variable& b = {},
                          const DeconvolutionNDOptions& options = {});
template <std::same_as<DeconvolutionNDOptions> O = DeconvolutionNDOptions>
Variable deconvolution_3d(const Variable& x, const Variable& W, const O& options) {
  return deconvolution_3d(x, W, {}, options);
}
inline Variable deconvolution_nd(const Variable& x, const Variable& W, const Variable& b,
                                 const PerAxis& stride, const PerAxis& pad = 0,
                                 const std::optional<PerAxis>& outsize = {}) {
  return deconvolution_nd(x, W, b, {.stride = stride, .pad = pad, .outsize = outsize});
}
inline Variable deconvolution_1d(const Variable& x, const Variable& W, const Variable& b,
                                 const PerAxis& stride, const PerAxis& pad = 0,
                                 const std::optional<PerAxis>& outsize = {}) {
  return deconvolution_1d(x, W, b, {.stride = stride, .pad = pad, .outsize = outsize});
}
inline Variable deconvolution_3d(const Variable& x, const Variable& W, const Variable& b,
                                 const PerAxis& stride, const PerAxis& pad = 0,
                                 const std::optional<PerAxis>& outsize = {}) {
  return deconvolution_3d(x, W, b, {.stride = stride, .pad = pad, .outsize = outsize});
}

// A convolution with different filters at each output pixel: y[n, o, i, j] = b[o, i, j] + sum over
// c, u, v of W[o, i, j, c, u, v] x[n, c, i stride + u, j stride + v]. x (N, C, H, W), W (O, out_h,
// out_w, C, kh, kw) and b (O, out_h, out_w) or none give (N, O, out_h, out_w). Errors: more output
// pixels than fit into the image.
Variable local_convolution_2d(const Variable& x, const Variable& W, const Variable& b = {},
                              HeightWidth stride = 1);

}  // namespace autograd::inline functions
