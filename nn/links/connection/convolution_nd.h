#pragma once

#include "autograd/base/by_name.h"
#include "autograd/graph/array_like.h"
#include "nn/initializers/initializers.h"
#include "nn/links/connection/convolution_base.h"

namespace nn::inline links {

using autograd::PerAxis;

struct ConvolutionNDOptions {
  autograd::ByName by_name = {};
  PerAxis stride = 1, pad = 0;
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
  bool cover_all = false;
  PerAxis dilate = 1;
  std::int64_t groups = 1;
};

// A convolution of images with `ndim` axes (batch, in_channels, d_1, ..., d_ndim): convolution_nd
// with W (out_channels, in_channels / groups, k_1, ..., k_ndim) and b (out_channels).
//
// W is initialised by `initialW`, by default LeCunNormal, at construction if in_channels is known,
// else by the first input. b is initialised by `initial_bias`, by default 0. Each may be a number,
// an array or an initializer.
//
//   nn::ConvolutionND c1(3, 8, 16, 3, {.stride = {2, 1, 1}, .pad = 1});
//   nn::Convolution1D c2(nn::None, 16, 5);
class ConvolutionND : public Polymorphic<ConvolutionND, ConvolutionBase> {
 public:
  ConvolutionND(int ndim, Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                const ConvolutionNDOptions& options);
  ConvolutionND(int ndim, Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                const PerAxis& stride = 1, const PerAxis& pad = 0, bool nobias = false,
                const Initializer& initialW = {}, const Initializer& initial_bias = {});
  ConvolutionND(int ndim, std::int64_t out, const PerAxis& k,
                const ConvolutionNDOptions& options = {})
      : ConvolutionND(ndim, None, out, k, options) {}
  // A layer with these parameters, whose values are copied: the options' initial values are not
  // used. b may be empty; with nobias it is left out.
  static ConvolutionND from_params(const autograd::ArrayField& W,
                                   const autograd::ArrayField& b = {},
                                   const ConvolutionNDOptions& options = {});

  Variable operator()(const Variable& x);

  Shape ksize;  // a length for each axis
  PerAxis stride, pad;
  bool cover_all;
  PerAxis dilate;
};

// A ConvolutionND of sequences.
class Convolution1D : public ConvolutionND {
 public:
  Convolution1D(std::int64_t out, const PerAxis& k, const ConvolutionNDOptions& options = {})
      : ConvolutionND(1, None, out, k, options) {}
  Convolution1D(Size in, std::int64_t out, const PerAxis& k, const ConvolutionNDOptions& options)
      : ConvolutionND(1, in, out, k, options) {}
  Convolution1D(Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                const PerAxis& stride = 1, const PerAxis& pad = 0, bool nobias = false,
                const Initializer& initialW = {}, const Initializer& initial_bias = {});
};

// A ConvolutionND of volumes.
class Convolution3D : public ConvolutionND {
 public:
  Convolution3D(std::int64_t out, const PerAxis& k, const ConvolutionNDOptions& options = {})
      : ConvolutionND(3, None, out, k, options) {}
  Convolution3D(Size in, std::int64_t out, const PerAxis& k, const ConvolutionNDOptions& options)
      : ConvolutionND(3, in, out, k, options) {}
  Convolution3D(Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                const PerAxis& stride = 1, const PerAxis& pad = 0, bool nobias = false,
                const Initializer& initialW = {}, const Initializer& initial_bias = {});
};

}  // namespace nn::inline links
