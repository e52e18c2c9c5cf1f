#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/initializers/initializers.h"
#include "nn/links/connection/convolution_base.h"

namespace nn::inline links {

using autograd::HeightWidth;

struct Deconvolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool nobias = false;
  std::optional<HeightWidth> outsize = {};
  Initializer initialW = {};
  Initializer initial_bias = {};
  HeightWidth dilate = 1;
  std::int64_t groups = 1;
};

// A layer that spreads each pixel over a larger image: deconvolution_2d with W (in_channels,
// out_channels / groups, kh, kw) and b (out_channels).
//
// W is initialised by `initialW`, by default LeCunNormal, whose fan_in here counts the *output*
// channels, as in Chainer; at construction if in_channels is known, else by the first input. b is
// initialised by `initial_bias`, by default 0.
class Deconvolution2D : public Polymorphic<Deconvolution2D, ConvolutionBase> {
 public:
  Deconvolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                  const Deconvolution2DOptions& options);
  Deconvolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                  HeightWidth stride = 1, HeightWidth pad = 0, bool nobias = false,
                  std::optional<HeightWidth> outsize = {}, const Initializer& initialW = {},
                  const Initializer& initial_bias = {});
  Deconvolution2D(std::int64_t out, HeightWidth k, const Deconvolution2DOptions& options = {})
      : Deconvolution2D(None, out, k, options) {}

  Variable operator()(const Variable& x);

  HeightWidth ksize, stride, pad;
  std::optional<HeightWidth> outsize;
  HeightWidth dilate;
};

}  // namespace nn::inline links
