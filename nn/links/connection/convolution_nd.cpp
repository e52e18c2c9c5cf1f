#include "nn/links/connection/convolution_nd.h"

#include "autograd/base/check.h"
#include "autograd/functions/connection/convolution_nd.h"
#include "nn/links/connection/from_params.h"

namespace nn::inline links {

ConvolutionND::ConvolutionND(int ndim, Size in, std::int64_t out, const PerAxis& k,
                             const ConvolutionNDOptions& o)
    : Polymorphic("ConvolutionND", Kind::convolution, ndim, in, out, k, o),
      ksize(lengths()),
      stride(o.stride),
      pad(o.pad),
      cover_all(o.cover_all),
      dilate(o.dilate) {}
ConvolutionND::ConvolutionND(int ndim, Size in, std::int64_t out, const PerAxis& k,
                             const PerAxis& s, const PerAxis& p, bool nobias,
                             const Initializer& initialW, const Initializer& initial_bias)
    : ConvolutionND(ndim, in, out, k,
                    {.stride = s,
                     .pad = p,
                     .nobias = nobias,
                     .initialW = initialW,
                     .initial_bias = initial_bias}) {}

ConvolutionND ConvolutionND::from_params(const autograd::ArrayField& W,
                                         const autograd::ArrayField& b,
                                         const ConvolutionNDOptions& options) {
  autograd::Check("ConvolutionND::from_params", {{"W", W}})
      .that(W.ndim() >= 3, "W must have at least 3 axes");
  require_bias("ConvolutionND::from_params", W, b);
  ConvolutionNDOptions o = options;
  o.initialW = W;
  o.initial_bias = initial_bias(b);
  return {W.ndim() - 2,
          autograd::length_product("ConvolutionND::from_params", W.length(1), o.groups),
          W.length(0), PerAxis(W.shape().slice(2, W.ndim())), o};
}

Variable ConvolutionND::operator()(const Variable& x) {
  initialize_for(x);
  const auto forward = [&] {
    return autograd::convolution_nd(
        x, W, b,
        {.stride = stride, .pad = pad, .cover_all = cover_all, .dilate = dilate, .groups = groups});
  };
  return hooked(forward, x);
}

Convolution1D::Convolution1D(Size in, std::int64_t out, const PerAxis& k, const PerAxis& s,
                             const PerAxis& p, bool nobias, const Initializer& initialW,
                             const Initializer& initial_bias)
    : ConvolutionND(1, in, out, k, s, p, nobias, initialW, initial_bias) {}

Convolution3D::Convolution3D(Size in, std::int64_t out, const PerAxis& k, const PerAxis& s,
                             const PerAxis& p, bool nobias, const Initializer& initialW,
                             const Initializer& initial_bias)
    : ConvolutionND(3, in, out, k, s, p, nobias, initialW, initial_bias) {}

}  // namespace nn::inline links
