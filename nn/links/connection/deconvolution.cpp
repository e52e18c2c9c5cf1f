#include "nn/links/connection/deconvolution.h"

#include "autograd/functions/connection/convolution.h"
#include "nn/links/connection/filters.h"

namespace nn::inline links {

Deconvolution2D::Deconvolution2D(std::optional<std::int64_t> in_channels, std::int64_t out,
                                 HeightWidth k, const Options& o)
    : W(o.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels(out),
      ksize(k),
      stride(o.stride),
      pad(o.pad),
      outsize(o.outsize),
      dilate(o.dilate),
      groups(o.groups) {
  filter_lengths("Deconvolution2D", 2, out_channels, {ksize.height, ksize.width});
  if (in_channels) initialize(*in_channels);
  if (!o.nobias) b = Parameter(o.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}
Deconvolution2D::Deconvolution2D(std::optional<std::int64_t> in_channels, std::int64_t out,
                                 HeightWidth k, HeightWidth s, HeightWidth p, bool nobias,
                                 std::optional<HeightWidth> size, const Initializer& initialW,
                                 const Initializer& initial_bias)
    : Deconvolution2D(in_channels, out, k,
                      {.stride = s,
                       .pad = p,
                       .nobias = nobias,
                       .outsize = size,
                       .initialW = initialW,
                       .initial_bias = initial_bias}) {}

void Deconvolution2D::initialize(std::int64_t in_channels) {
  check_groups("Deconvolution2D", in_channels, out_channels, groups);
  W.initialize({in_channels, out_channels / groups, ksize.height, ksize.width});
}

Variable Deconvolution2D::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("Deconvolution2D", 2, x)); }, W);
  return autograd::deconvolution_2d(
      x, W, b,
      {.stride = stride, .pad = pad, .outsize = outsize, .dilate = dilate, .groups = groups});
}

}  // namespace nn::inline links
