#include "nn/links/connection/depthwise_convolution.h"

#include <fmt/format.h>

#include <cmath>

#include "autograd/base/check.h"
#include "autograd/functions/connection/convolution.h"

namespace nn::inline links {

DepthwiseConvolution2D::DepthwiseConvolution2D(Size in_channels, std::int64_t multiplier,
                                               HeightWidth k,
                                               const DepthwiseConvolution2DOptions& o)
    : W(o.initialW.or_else(initializers::HeNormal({.scale = 1 / std::sqrt(2)}))),
      channel_multiplier(multiplier),
      ksize(k),
      stride(o.stride),
      pad(o.pad),
      nobias(o.nobias) {
  if (channel_multiplier < 1 || ksize.height < 1 || ksize.width < 1)
    throw autograd::Error(
        fmt::format("DepthwiseConvolution2D: channel_multiplier and ksize must be at least 1, but "
                    "they are {} and ({}, {})",
                    channel_multiplier, ksize.height, ksize.width));
  if (!nobias) b = Parameter(o.initial_bias.or_else(0.0));
  if (in_channels.is_known()) initialize(*in_channels);
  name_parameters();
}
DepthwiseConvolution2D::DepthwiseConvolution2D(Size in_channels, std::int64_t multiplier,
                                               HeightWidth k, HeightWidth s, HeightWidth p,
                                               bool no_b, const Initializer& initialW,
                                               const Initializer& initial_bias)
    : DepthwiseConvolution2D(in_channels, multiplier, k,
                             {.stride = s,
                              .pad = p,
                              .nobias = no_b,
                              .initialW = initialW,
                              .initial_bias = initial_bias}) {}

void DepthwiseConvolution2D::initialize(std::int64_t in_channels) {
  if (in_channels < 1)
    throw autograd::Error(fmt::format(
        "DepthwiseConvolution2D: in_channels must be at least 1, but it is {}", in_channels));
  const std::int64_t maps =
      autograd::length_product("DepthwiseConvolution2D", channel_multiplier, in_channels);
  if (!W.is_initialized())
    W.initialize({channel_multiplier, in_channels, ksize.height, ksize.width});
  if (b && !b.is_initialized()) b.initialize({maps});
}

Variable DepthwiseConvolution2D::operator()(const Variable& x) {
  const auto initialize_both = [&] {
    autograd::Check("DepthwiseConvolution2D", {{"x", x}}).ndim(4);
    initialize(x.length(1));
  };
  initialize_once(initialize_both, W, b);
  const auto forward = [&] {
    return autograd::depthwise_convolution_2d(x, W, b, {.stride = stride, .pad = pad});
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
