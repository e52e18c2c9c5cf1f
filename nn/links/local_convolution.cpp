#include "nn/links/local_convolution.h"

#include <fmt/format.h>

#include "autograd/functions/convolution_nd.h"
#include "nn/links/filters.h"

namespace nn {

LocalConvolution2D::LocalConvolution2D(std::optional<std::int64_t> in_channels,
                                       std::int64_t out_channels,
                                       std::optional<HeightWidth> in_size, HeightWidth ksize,
                                       const Options& options)
    : W(options.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels_(out_channels),
      ksize_(ksize),
      options_(options) {
  filter_lengths("LocalConvolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (options.stride.height < 1 || options.stride.width < 1)
    throw autograd::Error(
        fmt::format("LocalConvolution2D: stride must be at least 1, but it is ({}, {})",
                    options.stride.height, options.stride.width));
  if (!options.nobias) b = Parameter(options.initial_bias.or_else(0.0), {}, "b");
  if (in_channels && in_size) initialize(*in_channels, *in_size);
}

void LocalConvolution2D::initialize(std::int64_t in_channels, HeightWidth in_size) {
  if (in_channels < 1 || in_size.height < ksize_.height || in_size.width < ksize_.width)
    throw autograd::Error(
        fmt::format("LocalConvolution2D: in_channels must be at least 1 and in_size at least "
                    "ksize, but they are {} and ({}, {}), and ksize is ({}, {})",
                    in_channels, in_size.height, in_size.width, ksize_.height, ksize_.width));
  const std::int64_t height = (in_size.height - ksize_.height) / options_.stride.height + 1;
  const std::int64_t width = (in_size.width - ksize_.width) / options_.stride.width + 1;
  if (!W.is_initialized())
    W.initialize({out_channels_, height, width, in_channels, ksize_.height, ksize_.width});
  if (b && !b.is_initialized()) b.initialize({out_channels_, height, width});
}

Variable LocalConvolution2D::operator()(const Variable& x) {
  const auto initialize_both = [&] {
    const std::int64_t in_channels = channels_of("LocalConvolution2D", 2, x);
    initialize(in_channels, {x.length(2), x.length(3)});
  };
  initialize_once(initialize_both, W, b);
  return autograd::local_convolution_2d(x, W, b, options_.stride);
}

}  // namespace nn
