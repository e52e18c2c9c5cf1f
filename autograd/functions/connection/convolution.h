#pragma once

#include <concepts>
#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

// Convolutions of batches of images (N, C, H, W), on float32 and float64; Chainer's
// functions/connection. With K = 1 + (k - 1) dilate, the dilated length of a filter, an axis of
// `length` pixels gives
//   out = (length + 2 pad - k) / stride + 1
// output pixels, rounded down, or up with cover_all. Padding is 0.
namespace autograd::inline functions {

struct Convolution2DOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool cover_all = false;  // filters that reach beyond the padded image count, too
  HeightWidth dilate = 1;
  // The channels of x and of y are divided into this many groups. A channel of y depends only on
  // the channels of x in its own group.
  std::int64_t groups = 1;
};

// The cross-correlation of images and filters (the filter is not flipped):
//   y[n, o, i, j] = b[o] + sum over c, u, v of
//                   W[o, c, u, v] x[n, c, i stride + u dilate - pad, j stride + v dilate - pad]
// x (N, C, H, W), W (O, C / groups, kh, kw) and b (O) or none give (N, O, out_h, out_w). Errors:
// shapes that do not match, a filter larger than the padded image, groups that do not divide C
// and O.
Variable convolution_2d(const Variable& x, const Variable& W, const Variable& b = {},
                        const Convolution2DOptions& options = {});
// Without b: convolution_2d(x, W, {.stride = 2}). A template, so that `{}` as the third argument
// still means no b.
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
  // The size of y. A convolution of an image of this size must give the size of x; for stride > 1
  // there are several such sizes. By default the smallest: stride (length - 1) + K - 2 pad.
  std::optional<HeightWidth> outsize = {};
  HeightWidth dilate = 1;
  std::int64_t groups = 1;
};

// The transposed convolution, which spreads each pixel of x over y: x (N, C, H, W), W (C, O /
// groups, kh, kw) and b (O) or none give (N, O, out_h, out_w). It is the gradient of convolution_2d
// with respect to its input. Zeiler and others, "Deconvolutional networks", 2010.
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

// Each channel has M filters of its own: x (N, C, H, W), W (M, C, kh, kw) and b (M C) or none give
// (N, C M, out_h, out_w), where channel c M + m is channel c of x convolved with W[m, c]. Sifre,
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

// convolution_2d under its older name.
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
