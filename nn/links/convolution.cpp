#include "nn/links/convolution.h"

#include "autograd/functions/convolution.h"
#include "nn/links/filters.h"

namespace nn {

Convolution2D::Convolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                             HeightWidth ksize, const Options& options)
    : W(options.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels_(out_channels),
      ksize_(ksize),
      options_(options) {
  filter_lengths("Convolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (in_channels) initialize(*in_channels);
  if (!options.nobias) b = Parameter(options.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}

void Convolution2D::initialize(std::int64_t in_channels) {
  check_groups("Convolution2D", in_channels, out_channels_, options_.groups);
  W.initialize({out_channels_, in_channels / options_.groups, ksize_.height, ksize_.width});
}

Variable Convolution2D::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("Convolution2D", 2, x)); }, W);
  return autograd::convolution_2d(x, W, b,
                                  {.stride = options_.stride,
                                   .pad = options_.pad,
                                   .dilate = options_.dilate,
                                   .groups = options_.groups});
}

}  // namespace nn
