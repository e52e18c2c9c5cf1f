#include "nn/links/connection/deconvolution.h"

#include "autograd/functions/connection/convolution.h"

namespace nn::inline links {

Deconvolution2D::Deconvolution2D(Size in, std::int64_t out, HeightWidth k,
                                 const Deconvolution2DOptions& o)
    : Polymorphic("Deconvolution2D", Kind::deconvolution, 2, in, out,
                  autograd::PerAxis(k.height, k.width), o),
      ksize(k),
      stride(o.stride),
      pad(o.pad),
      outsize(o.outsize),
      dilate(o.dilate) {}
Deconvolution2D::Deconvolution2D(Size in, std::int64_t out, HeightWidth k, HeightWidth s,
                                 HeightWidth p, bool nobias, std::optional<HeightWidth> size,
                                 const Initializer& initialW, const Initializer& initial_bias)
    : Deconvolution2D(in, out, k,
                      {.stride = s,
                       .pad = p,
                       .nobias = nobias,
                       .outsize = size,
                       .initialW = initialW,
                       .initial_bias = initial_bias}) {}

Variable Deconvolution2D::operator()(const Variable& x) {
  initialize_for(x);
  const auto forward = [&] {
    return autograd::deconvolution_2d(
        x, W, b,
        {.stride = stride, .pad = pad, .outsize = outsize, .dilate = dilate, .groups = groups});
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
