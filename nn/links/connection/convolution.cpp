#include "nn/links/connection/convolution.h"

#include "autograd/functions/connection/convolution.h"

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

Variable Convolution2D::operator()(const Variable& x) {
  initialize_for(x);
  return autograd::convolution_2d(
      x, W, b, {.stride = stride, .pad = pad, .dilate = dilate, .groups = groups});
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
