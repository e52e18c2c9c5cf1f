#include "nn/links/deconvolution.h"

#include "autograd/functions/convolution.h"
#include "nn/links/filters.h"

namespace nn {

Deconvolution2D::Deconvolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                                 HeightWidth ksize, const Options& options)
    : W(options.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels_(out_channels),
      ksize_(ksize),
      options_(options) {
  filter_lengths("Deconvolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (in_channels) initialize(*in_channels);
  if (!options.nobias) b = Parameter(options.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}

void Deconvolution2D::initialize(std::int64_t in_channels) {
  check_groups("Deconvolution2D", in_channels, out_channels_, options_.groups);
  W.initialize({in_channels, out_channels_ / options_.groups, ksize_.height, ksize_.width});
}

Variable Deconvolution2D::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("Deconvolution2D", 2, x)); }, W);
  return autograd::deconvolution_2d(x, W, b,
                                    {.stride = options_.stride,
                                     .pad = options_.pad,
                                     .outsize = options_.outsize,
                                     .dilate = options_.dilate,
                                     .groups = options_.groups});
}

}  // namespace nn
