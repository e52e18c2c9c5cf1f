#include "nn/links/connection/deconvolution_nd.h"

#include "autograd/functions/connection/convolution_nd.h"
#include "nn/links/connection/filters.h"

namespace nn::inline links {

DeconvolutionND::DeconvolutionND(int ndim, std::optional<std::int64_t> in_channels,
                                 std::int64_t out, const PerAxis& k, const Options& o)
    : W(o.initialW.or_else(initializers::LeCunNormal()), {}, "W"),
      out_channels(out),
      ksize(filter_lengths("DeconvolutionND", ndim, out, k)),
      stride(o.stride),
      pad(o.pad),
      outsize(o.outsize),
      dilate(o.dilate),
      groups(o.groups) {
  if (in_channels) initialize(*in_channels);
  if (!o.nobias) b = Parameter(o.initial_bias.or_else(0.0), Shape{out_channels}, "b");
}
DeconvolutionND::DeconvolutionND(int ndim, std::optional<std::int64_t> in_channels,
                                 std::int64_t out, const PerAxis& k, const PerAxis& s,
                                 const PerAxis& p, bool nobias, const std::optional<PerAxis>& size,
                                 const Initializer& initialW, const Initializer& initial_bias)
    : DeconvolutionND(ndim, in_channels, out, k,
                      {.stride = s,
                       .pad = p,
                       .nobias = nobias,
                       .outsize = size,
                       .initialW = initialW,
                       .initial_bias = initial_bias}) {}

void DeconvolutionND::initialize(std::int64_t in_channels) {
  check_groups("DeconvolutionND", in_channels, out_channels, groups);
  Shape shape{in_channels, out_channels / groups};
  for (const std::int64_t k : ksize) shape.push_back(k);
  W.initialize(shape);
}

Variable DeconvolutionND::operator()(const Variable& x) {
  initialize_once([&] { initialize(channels_of("DeconvolutionND", ksize.ndim(), x)); }, W);
  return autograd::deconvolution_nd(
      x, W, b,
      {.stride = stride, .pad = pad, .outsize = outsize, .dilate = dilate, .groups = groups});
}

Deconvolution1D::Deconvolution1D(std::optional<std::int64_t> in_channels, std::int64_t out,
                                 const PerAxis& k, const PerAxis& s, const PerAxis& p, bool nobias,
                                 const std::optional<PerAxis>& size, const Initializer& initialW,
                                 const Initializer& initial_bias)
    : DeconvolutionND(1, in_channels, out, k, s, p, nobias, size, initialW, initial_bias) {}

Deconvolution3D::Deconvolution3D(std::optional<std::int64_t> in_channels, std::int64_t out,
                                 const PerAxis& k, const PerAxis& s, const PerAxis& p, bool nobias,
                                 const std::optional<PerAxis>& size, const Initializer& initialW,
                                 const Initializer& initial_bias)
    : DeconvolutionND(3, in_channels, out, k, s, p, nobias, size, initialW, initial_bias) {}

}  // namespace nn::inline links
