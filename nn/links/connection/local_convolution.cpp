#include "nn/links/connection/local_convolution.h"

#include <fmt/format.h>

#include "autograd/functions/connection/convolution_nd.h"
#include "nn/links/connection/convolution_base.h"

namespace nn::inline links {

LocalConvolution2D::LocalConvolution2D(Size in_channels, std::int64_t out,
                                       std::optional<HeightWidth> in_size, HeightWidth k,
                                       const LocalConvolution2DOptions& o)
    : W(o.initialW.or_else(initializers::LeCunNormal())),
      out_channels(out),
      ksize(k),
      stride(o.stride),
      nobias(o.nobias) {
  filter_lengths("LocalConvolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (stride.height < 1 || stride.width < 1)
    throw autograd::Error(
        fmt::format("LocalConvolution2D: stride must be at least 1, but it is ({}, {})",
                    stride.height, stride.width));
  if (!nobias) b = Parameter(o.initial_bias.or_else(0.0));
  if (in_channels.is_known() && in_size) initialize(*in_channels, *in_size);
  name_parameters();
}
LocalConvolution2D::LocalConvolution2D(Size in_channels, std::int64_t out,
                                       std::optional<HeightWidth> in_size, HeightWidth k,
                                       HeightWidth s, bool no_b, const Initializer& initialW,
                                       const Initializer& initial_bias)
    : LocalConvolution2D(
          in_channels, out, in_size, k,
          {.stride = s, .nobias = no_b, .initialW = initialW, .initial_bias = initial_bias}) {}

void LocalConvolution2D::initialize(std::int64_t in_channels, HeightWidth in_size) {
  if (in_channels < 1 || in_size.height < ksize.height || in_size.width < ksize.width)
    throw autograd::Error(
        fmt::format("LocalConvolution2D: in_channels must be at least 1 and in_size at least "
                    "ksize, but they are {} and ({}, {}), and ksize is ({}, {})",
                    in_channels, in_size.height, in_size.width, ksize.height, ksize.width));
  const std::int64_t height = (in_size.height - ksize.height) / stride.height + 1;
  const std::int64_t width = (in_size.width - ksize.width) / stride.width + 1;
  if (!W.is_initialized())
    W.initialize({out_channels, height, width, in_channels, ksize.height, ksize.width});
  if (b && !b.is_initialized()) b.initialize({out_channels, height, width});
}

Variable LocalConvolution2D::operator()(const Variable& x) {
  const auto initialize_both = [&] {
    const std::int64_t in_channels = channels_of("LocalConvolution2D", 2, x);
    initialize(in_channels, {x.length(2), x.length(3)});
  };
  initialize_once(initialize_both, W, b);
  return hooked([&] { return autograd::local_convolution_2d(x, W, b, stride); }, x);
}

}  // namespace nn::inline links
