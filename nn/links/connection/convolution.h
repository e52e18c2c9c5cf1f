#pragma once

#include "autograd/base/by_name.h"
#include "autograd/graph/array_like.h"
#include "nn/initializers/initializers.h"
#include "nn/links/connection/convolution_base.h"

namespace nn::inline links {

using autograd::HeightWidth;

struct Convolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
  HeightWidth dilate = 1;
  std::int64_t groups = 1;
};

// A convolution of images (batch, in_channels, height, width): convolution_2d with W (out_channels,
// in_channels / groups, kh, kw) and b (out_channels).
//
// W is initialised by `initialW`, by default LeCunNormal, at construction if in_channels is known,
// else by the first input. b is initialised by `initial_bias`, by default 0. Each may be a number,
// an array or an initializer.
//
//   nn::Convolution2D c1(3, 8, 3, 1, 1), c2(8, 16, {4, 3}, {.stride = 2, .nobias = true});
//   nn::Convolution2D c3(nn::None, 16, 3, 1, 1);
class Convolution2D : public Polymorphic<Convolution2D, ConvolutionBase> {
 public:
  Convolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                const Convolution2DOptions& options);
  Convolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                HeightWidth stride = 1, HeightWidth pad = 0, bool nobias = false,
                const Initializer& initialW = {}, const Initializer& initial_bias = {});
  Convolution2D(std::int64_t out, HeightWidth k, const Convolution2DOptions& options = {})
      : Convolution2D(None, out, k, options) {}

  // A layer with these parameters, whose values are copied: the options' initial values are not
  // used. b may be empty; with nobias it is left out.
  static Convolution2D from_params(const autograd::ArrayField& W,
                                   const autograd::ArrayField& b = {},
                                   const Convolution2DOptions& options = {});

  Variable operator()(const Variable& x);

  HeightWidth ksize, stride, pad, dilate;
};

struct DilatedConvolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0, dilate = 1;
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
};

// Convolution2D under its older name.
class DilatedConvolution2D : public Convolution2D {
 public:
  DilatedConvolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                       const DilatedConvolution2DOptions& options);
  DilatedConvolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                       HeightWidth stride = 1, HeightWidth pad = 0, HeightWidth dilate = 1,
                       bool nobias = false, const Initializer& initialW = {},
                       const Initializer& initial_bias = {});
  DilatedConvolution2D(std::int64_t out, HeightWidth k,
                       const DilatedConvolution2DOptions& options = {})
      : DilatedConvolution2D(None, out, k, options) {}
};

}  // namespace nn::inline links
