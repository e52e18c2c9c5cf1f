#include "nn/links/connection/convolution.h"

#include "autograd/functions/connection/convolution.h"
#include "nn/links/connection/filters.h"

namespace nn::inline links {

Convolution2D::Convolution2D(std::optional<std::int64_t> in, std::int64_t out, HeightWidth k,
                             const Options& o)
    : W(o.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      in_channels(in),
      out_channels(out),
      ksize(k),
      stride(o.stride),
      pad(o.pad),
      dilate(o.dilate),
      groups(o.groups) {
  filter_lengths("Convolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (in_channels) initialize(*in_channels);
  if (!o.nobias) b = Parameter(o.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}
Convolution2D::Convolution2D(std::optional<std::int64_t> in, std::int64_t out, HeightWidth k,
                             HeightWidth s, HeightWidth p, bool nobias, const Initializer& initialW,
                             const Initializer& initial_bias)
    : Convolution2D(in, out, k,
                    {.stride = s,
                     .pad = p,
                     .nobias = nobias,
                     .initialW = initialW,
                     .initial_bias = initial_bias}) {}

void Convolution2D::initialize(std::int64_t channels) {
  check_groups("Convolution2D", channels, out_channels, groups);
  W.initialize({out_channels, channels / groups, ksize.height, ksize.width});
}

Variable Convolution2D::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("Convolution2D", 2, x)); }, W);
  return autograd::convolution_2d(
      x, W, b, {.stride = stride, .pad = pad, .dilate = dilate, .groups = groups});
}

DilatedConvolution2D::DilatedConvolution2D(std::optional<std::int64_t> in, std::int64_t out,
                                           HeightWidth k, const Options& o)
    : Convolution2D(in, out, k,
                    {.stride = o.stride,
                     .pad = o.pad,
                     .nobias = o.nobias,
                     .initialW = o.initialW,
                     .initial_bias = o.initial_bias,
                     .dilate = o.dilate}) {}
DilatedConvolution2D::DilatedConvolution2D(std::optional<std::int64_t> in, std::int64_t out,
                                           HeightWidth k, HeightWidth s, HeightWidth p,
                                           HeightWidth d, bool nobias, const Initializer& initialW,
                                           const Initializer& initial_bias)
    : DilatedConvolution2D(in, out, k,
                           {.stride = s,
                            .pad = p,
                            .dilate = d,
                            .nobias = nobias,
                            .initialW = initialW,
                            .initial_bias = initial_bias}) {}

}  // namespace nn::inline links
