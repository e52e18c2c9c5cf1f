#include "nn/links/deconvolution.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/convolution.h"

namespace nn {

Deconvolution2D::Deconvolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                                 HeightWidth ksize, const Options& options)
    : W(options.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels_(out_channels),
      ksize_(ksize),
      options_(options) {
  if (out_channels < 1 || ksize.height < 1 || ksize.width < 1)
    throw autograd::Error(fmt::format(
        "Deconvolution2D: out_channels and ksize must be at least 1, but they are {} and ({}, {})",
        out_channels, ksize.height, ksize.width));
  if (in_channels) initialize(*in_channels);
  if (!options.nobias) b = Parameter(options.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}

void Deconvolution2D::initialize(std::int64_t in_channels) {
  const std::int64_t groups = options_.groups;
  if (groups < 1 || in_channels < 1 || in_channels % groups != 0 || out_channels_ % groups != 0)
    throw autograd::Error(
        fmt::format("Deconvolution2D: in_channels and out_channels must fall into the groups, but "
                    "they are {} and {}, and groups is {}",
                    in_channels, out_channels_, groups));
  W.initialize({in_channels, out_channels_ / groups, ksize_.height, ksize_.width});
}

Variable Deconvolution2D::operator()(const Variable& x) {
  if (!W.is_initialized()) {
    autograd::Check("Deconvolution2D", {{"x", x}}).ndim(4);
    initialize(x.length(1));
  }
  return autograd::deconvolution_2d(x, W, b,
                                    {.stride = options_.stride,
                                     .pad = options_.pad,
                                     .outsize = options_.outsize,
                                     .dilate = options_.dilate,
                                     .groups = options_.groups});
}

}  // namespace nn
