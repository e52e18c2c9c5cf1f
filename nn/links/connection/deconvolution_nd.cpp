#include "nn/links/connection/deconvolution_nd.h"

#include "autograd/functions/connection/convolution_nd.h"

namespace nn::inline links {

DeconvolutionND::DeconvolutionND(int ndim, Size in, std::int64_t out, const PerAxis& k,
                                 const DeconvolutionNDOptions& o)
    : Polymorphic("DeconvolutionND", Kind::deconvolution, ndim, in, out, k, o),
      ksize(lengths()),
      stride(o.stride),
      pad(o.pad),
      outsize(o.outsize),
      dilate(o.dilate) {}
DeconvolutionND::DeconvolutionND(int ndim, Size in, std::int64_t out, const PerAxis& k,
                                 const PerAxis& s, const PerAxis& p, bool nobias,
                                 const std::optional<PerAxis>& size, const Initializer& initialW,
                                 const Initializer& initial_bias)
    : DeconvolutionND(ndim, in, out, k,
                      {.stride = s,
                       .pad = p,
                       .nobias = nobias,
                       .outsize = size,
                       .initialW = initialW,
                       .initial_bias = initial_bias}) {}

Variable DeconvolutionND::operator()(const Variable& x) {
  initialize_for(x);
  const auto forward = [&] {
    return autograd::deconvolution_nd(
        x, W, b,
        {.stride = stride, .pad = pad, .outsize = outsize, .dilate = dilate, .groups = groups});
  };
  return hooked(forward, x);
}

Deconvolution1D::Deconvolution1D(Size in, std::int64_t out, const PerAxis& k, const PerAxis& s,
                                 const PerAxis& p, bool nobias, const std::optional<PerAxis>& size,
                                 const Initializer& initialW, const Initializer& initial_bias)
    : DeconvolutionND(1, in, out, k, s, p, nobias, size, initialW, initial_bias) {}

Deconvolution3D::Deconvolution3D(Size in, std::int64_t out, const PerAxis& k, const PerAxis& s,
                                 const PerAxis& p, bool nobias, const std::optional<PerAxis>& size,
                                 const Initializer& initialW, const Initializer& initial_bias)
    : DeconvolutionND(3, in, out, k, s, p, nobias, size, initialW, initial_bias) {}

}  // namespace nn::inline links
