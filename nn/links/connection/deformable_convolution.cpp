#include "nn/links/connection/deformable_convolution.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/connection/deformable_convolution_2d_sampler.h"

namespace nn::inline links {

DeformableConvolution2DSampler::DeformableConvolution2DSampler(
    Size in_channels, std::int64_t out, HeightWidth k,
    const DeformableConvolution2DSamplerOptions& o)
    : W(o.initialW.or_else(0.0)), out_channels(out), ksize(k), stride(o.stride), pad(o.pad) {
  filter_lengths("DeformableConvolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (!o.nobias) b = Parameter(o.initial_bias.or_else(0.0));
  if (in_channels.is_known()) initialize(*in_channels);
  name_parameters();
}

void DeformableConvolution2DSampler::initialize(std::int64_t in_channels) {
  if (in_channels < 1)
    throw autograd::Error(fmt::format(
        "DeformableConvolution2D: in_channels must be at least 1, but it is {}", in_channels));
  if (!W.is_initialized()) W.initialize({out_channels, in_channels, ksize.height, ksize.width});
  if (b && !b.is_initialized()) b.initialize({out_channels});
}

Variable DeformableConvolution2DSampler::operator()(const Variable& x, const Variable& offset) {
  initialize_once([&] { initialize(channels_of("DeformableConvolution2D", 2, x)); }, W, b);
  const auto forward = [&] {
    return autograd::deformable_convolution_2d_sampler(x, offset, W, b,
                                                       {.stride = stride, .pad = pad});
  };
  return hooked(forward, x, offset);
}

// Two for each place of a filter.
static std::int64_t offset_channels(HeightWidth k) {
  constexpr std::string_view link = "DeformableConvolution2D";
  if (k.height < 1 || k.width < 1)
    throw autograd::Error(
        fmt::format("{}: ksize must be at least 1, but it is ({}, {})", link, k.height, k.width));
  return autograd::length_product(link, 2, autograd::length_product(link, k.height, k.width));
}

DeformableConvolution2D::DeformableConvolution2D(Size in, std::int64_t out, HeightWidth k,
                                                 const DeformableConvolution2DOptions& o)
    : offset_conv(in, offset_channels(k), k,
                  {.stride = o.stride,
                   .pad = o.pad,
                   .nobias = o.offset_nobias,
                   .initialW = o.offset_initialW,
                   .initial_bias = o.offset_initial_bias}),
      deform_conv(in, out, k,
                  {.stride = o.stride,
                   .pad = o.pad,
                   .nobias = o.deform_nobias,
                   .initialW = o.deform_initialW,
                   .initial_bias = o.deform_initial_bias}) {}

}  // namespace nn::inline links
