#include "nn/links/connection/convolution_nd.h"

#include "autograd/functions/connection/convolution_nd.h"
#include "nn/links/connection/filters.h"

namespace nn::inline links {

ConvolutionND::ConvolutionND(int ndim, std::optional<std::int64_t> in_channels, std::int64_t out,
                             const PerAxis& k, const Options& o)
    : W(o.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels(out),
      ksize(filter_lengths("ConvolutionND", ndim, out, k)),
      stride(o.stride),
      pad(o.pad),
      cover_all(o.cover_all),
      dilate(o.dilate),
      groups(o.groups) {
  if (in_channels) initialize(*in_channels);
  if (!o.nobias) b = Parameter(o.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}
ConvolutionND::ConvolutionND(int ndim, std::optional<std::int64_t> in_channels, std::int64_t out,
                             const PerAxis& k, const PerAxis& s, const PerAxis& p, bool nobias,
                             const Initializer& initialW, const Initializer& initial_bias)
    : ConvolutionND(ndim, in_channels, out, k,
                    {.stride = s,
                     .pad = p,
                     .nobias = nobias,
                     .initialW = initialW,
                     .initial_bias = initial_bias}) {}

void ConvolutionND::initialize(std::int64_t in_channels) {
  check_groups("ConvolutionND", in_channels, out_channels, groups);
  Shape shape{out_channels, in_channels / groups};
  for (const std::int64_t k : ksize) shape.push_back(k);
  W.initialize(shape);
}

Variable ConvolutionND::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("ConvolutionND", ksize.ndim(), x)); }, W);
  return autograd::convolution_nd(
      x, W, b,
      {.stride = stride, .pad = pad, .cover_all = cover_all, .dilate = dilate, .groups = groups});
}

Convolution1D::Convolution1D(std::optional<std::int64_t> in_channels, std::int64_t out,
                             const PerAxis& k, const PerAxis& s, const PerAxis& p, bool nobias,
                             const Initializer& initialW, const Initializer& initial_bias)
    : ConvolutionND(1, in_channels, out, k, s, p, nobias, initialW, initial_bias) {}

Convolution3D::Convolution3D(std::optional<std::int64_t> in_channels, std::int64_t out,
                             const PerAxis& k, const PerAxis& s, const PerAxis& p, bool nobias,
                             const Initializer& initialW, const Initializer& initial_bias)
    : ConvolutionND(3, in_channels, out, k, s, p, nobias, initialW, initial_bias) {}

}  // namespace nn::inline links
