#pragma once

#include <concepts>
#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

// Convolutions of batches of images (N, C, H, W), on float32 and float64; Chainer's
// functions/connection. With k the dilated length 1 + (k - 1) dilate of a filter, an image of
// `length` pixels gives
//   out = (length + 2 pad - k) / stride + 1
// places along an axis, rounded down, or up with cover_all. Pixels outside of the image are 0.
namespace autograd::inline functions {

struct Convolution2DOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool cover_all = false;  // filters that reach beyond the padded image count, too
  HeightWidth dilate = 1;
  std::int64_t groups = 1;  // the channels of x and of y fall into so many groups, and those of y
                            // see those of x in their own group only
};

// y[n, o, i, j] = b[o] + sum over c, u, v of W[o, c, u, v] x[n, c, i stride + u dilate - pad,
// j stride + v dilate - pad]: x (N, C, H, W), W (O, C / groups, kh, kw) and b (O) or none give (N,
// O, out_h, out_w). The filter is not flipped. Errors: lengths that do not fit, a filter larger
// than the padded image, groups that do not divide C and O.
Variable convolution_2d(const Variable& x, const Variable& W, const Variable& b = {},
                        const Convolution2DOptions& options = {});
// Without b: convolution_2d(x, W, {.stride = 2}). A template, for {} means no b.
template <std::same_as<Convolution2DOptions> O = Convolution2DOptions>
Variable convolution_2d(const Variable& x, const Variable& W, const O& options) {
  return convolution_2d(x, W, {}, options);
}
// By position, as Chainer: convolution_2d(x, W, b, 2, 1).
inline Variable convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                               HeightWidth stride, HeightWidth pad = 0, bool cover_all = false) {
  return convolution_2d(x, W, b, {.stride = stride, .pad = pad, .cover_all = cover_all});
}

struct Deconvolution2DOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  // The size of y, where stride leaves several: one from which a convolution would come back to x.
  // Unless given, the smallest: stride (length - 1) + k - 2 pad.
  std::optional<HeightWidth> outsize = {};
  HeightWidth dilate = 1;
  std::int64_t groups = 1;
};

// The transposed convolution, which spreads each pixel of x over y: x (N, C, H, W), W (C, O /
// groups, kh, kw) and b (O) or none give (N, O, out_h, out_w). It is the gradient of convolution_2d
// by its input. Zeiler and others, "Deconvolutional networks", 2010.
Variable deconvolution_2d(const Variable& x, const Variable& W, const Variable& b = {},
                          const Deconvolution2DOptions& options = {});
template <std::same_as<Deconvolution2DOptions> O = Deconvolution2DOptions>
Variable deconvolution_2d(const Variable& x, const Variable& W, const O& options) {
  return deconvolution_2d(x, W, {}, options);
}
inline Variable deconvolution_2d(const Variable& x, const Variable& W, const Variable& b,
                                 HeightWidth stride, HeightWidth pad = 0,
                                 std::optional<HeightWidth> outsize = {}) {
  return deconvolution_2d(x, W, b, {.stride = stride, .pad = pad, .outsize = outsize});
}

struct DepthwiseConvolution2DOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
};

// Each channel meets M filters of its own: x (N, C, H, W), W (M, C, kh, kw) and b (M C) or none
// give (N, C M, out_h, out_w), channel c M + m being channel c of x with W[m, c]. Sifre,
// "Rigid-motion scattering for image classification", 2014.
Variable depthwise_convolution_2d(const Variable& x, const Variable& W, const Variable& b = {},
                                  const DepthwiseConvolution2DOptions& options = {});
template <std::same_as<DepthwiseConvolution2DOptions> O = DepthwiseConvolution2DOptions>
Variable depthwise_convolution_2d(const Variable& x, const Variable& W, const O& options) {
  return depthwise_convolution_2d(x, W, {}, options);
}
inline Variable depthwise_convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                                         HeightWidth stride, HeightWidth pad = 0) {
  return depthwise_convolution_2d(x, W, b, {.stride = stride, .pad = pad});
}

struct DilatedConvolution2DOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0, dilate = 1;
  bool cover_all = false;
};

// convolution_2d under the name that it has in older programs.
Variable dilated_convolution_2d(const Variable& x, const Variable& W, const Variable& b = {},
                                const DilatedConvolution2DOptions& options = {});
template <std::same_as<DilatedConvolution2DOptions> O = DilatedConvolution2DOptions>
Variable dilated_convolution_2d(const Variable& x, const Variable& W, const O& options) {
  return dilated_convolution_2d(x, W, {}, options);
}
inline Variable dilated_convolution_2d(const Variable& x, const Variable& W, const Variable& b,
                                       HeightWidth stride, HeightWidth pad = 0,
                                       HeightWidth dilate = 1, bool cover_all = false) {
  return dilated_convolution_2d(
      x, W, b, {.stride = stride, .pad = pad, .dilate = dilate, .cover_all = cover_all});
}

}  // namespace autograd::inline functions
