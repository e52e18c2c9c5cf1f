#include "nn/links/connection/convolution.h"

#include "autograd/base/check.h"
#include "autograd/functions/connection/convolution.h"
#include "nn/links/connection/from_params.h"

namespace nn::inline links {

Convolution2D::Convolution2D(Size in, std::int64_t out, HeightWidth k,
                             const Convolution2DOptions& o)
    : Polymorphic("Convolution2D", Kind::convolution, 2, in, out,
                  autograd::PerAxis(k.height, k.width), o),
      ksize(k),
      stride(o.stride),
      pad(o.pad),
      dilate(o.dilate) {}
Convolution2D::Convolution2D(Size in, std::int64_t out, HeightWidth k, HeightWidth s, HeightWidth p,
                             bool nobias, const Initializer& initialW,
                             const Initializer& initial_bias)
    : Convolution2D(in, out, k,
                    {.stride = s,
                     .pad = p,
                     .nobias = nobias,
                     .initialW = initialW,
                     .initial_bias = initial_bias}) {}

Convolution2D Convolution2D::from_params(const autograd::ArrayField& W,
                                         const autograd::ArrayField& b,
                                         const Convolution2DOptions& options) {
  autograd::Check("Convolution2D::from_params", {{"W", W}}).ndim(4);
  require_bias("Convolution2D::from_params", W, b);
  Convolution2DOptions o = options;
  o.initialW = W;
  o.initial_bias = initial_bias(b);
  return {autograd::length_product("Convolution2D::from_params", W.length(1), o.groups),
          W.length(0),
          {W.length(2), W.length(3)},
          o};
}

Variable Convolution2D::operator()(const Variable& x) {
  initialize_for(x);
  const auto forward = [&] {
    return autograd::convolution_2d(
        x, W, b, {.stride = stride, .pad = pad, .dilate = dilate, .groups = groups});
  };
  return hooked(forward, x);
}

DilatedConvolution2D::DilatedConvolution2D(Size in, std::int64_t out, HeightWidth k,
                                           const DilatedConvolution2DOptions& o)
    : Convolution2D(in, out, k,
                    {.stride = o.stride,
                     .pad = o.pad,
                     .nobias = o.nobias,
                     .initialW = o.initialW,
                     .initial_bias = o.initial_bias,
                     .dilate = o.dilate}) {}
DilatedConvolution2D::DilatedConvolution2D(Size in, std::int64_t out, HeightWidth k, HeightWidth s,
                                           HeightWidth p, HeightWidth d, bool nobias,
                                           const Initializer& initialW,
                                           const Initializer& initial_bias)
    : DilatedConvolution2D(in, out, k,
                           {.stride = s,
                            .pad = p,
                            .dilate = d,
                            .nobias = nobias,
                            .initialW = initialW,
                            .initial_bias = initial_bias}) {}

}  // namespace nn::inline links
