#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/initializers/initializers.h"
#include "nn/links/connection/convolution_base.h"

namespace nn::inline links {

using autograd::PerAxis;

struct DeconvolutionNDOptions {
  autograd::ByName by_name = {};
  PerAxis stride = 1, pad = 0;
  bool nobias = false;
  std::optional<PerAxis> outsize = {};
  Initializer initialW = {};
  Initializer initial_bias = {};
  PerAxis dilate = 1;
  std::int64_t groups = 1;
};

// A layer that spreads each pixel over a larger image with `ndim` axes: deconvolution_nd with W
// (in_channels, out_channels / groups, k_1, ..., k_ndim) and b (out_channels).
//
// W is initialised by `initialW`, by default LeCunNormal, whose fan_in here counts the *output*
// channels, as in Chainer; at construction if in_channels is known, else by the first input. b is
// initialised by `initial_bias`, by default 0.
class DeconvolutionND : public Polymorphic<DeconvolutionND, ConvolutionBase> {
 public:
  DeconvolutionND(int ndim, Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                  const DeconvolutionNDOptions& options);
  DeconvolutionND(int ndim, Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                  const PerAxis& stride = 1, const PerAxis& pad = 0, bool nobias = false,
                  const std::optional<PerAxis>& outsize = {}, const Initializer& initialW = {},
                  const Initializer& initial_bias = {});
  DeconvolutionND(int ndim, std::int64_t out, const PerAxis& k,
                  const DeconvolutionNDOptions& options = {})
      : DeconvolutionND(ndim, None, out, k, options) {}

  Variable operator()(const Variable& x);

  Shape ksize;  // a length for each axis
  PerAxis stride, pad;
  std::optional<PerAxis> outsize;
  PerAxis dilate;
};

// A DeconvolutionND of sequences.
class Deconvolution1D : public DeconvolutionND {
 public:
  Deconvolution1D(std::int64_t out, const PerAxis& k, const DeconvolutionNDOptions& options = {})
      : DeconvolutionND(1, None, out, k, options) {}
  Deconvolution1D(Size in, std::int64_t out, const PerAxis& k,
                  const DeconvolutionNDOptions& options)
      : DeconvolutionND(1, in, out, k, options) {}
  Deconvolution1D(Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                  const PerAxis& stride = 1, const PerAxis& pad = 0, bool nobias = false,
                  const std::optional<PerAxis>& outsize = {}, const Initializer& initialW = {},
                  const Initializer& initial_bias = {});
};

// A DeconvolutionND of volumes.
class Deconvolution3D : public DeconvolutionND {
 public:
  Deconvolution3D(std::int64_t out, const PerAxis& k, const DeconvolutionNDOptions& options = {})
      : DeconvolutionND(3, None, out, k, options) {}
  Deconvolution3D(Size in, std::int64_t out, const PerAxis& k,
                  const DeconvolutionNDOptions& options)
      : DeconvolutionND(3, in, out, k, options) {}
  Deconvolution3D(Size in_channels, std::int64_t out_channels, const PerAxis& ksize,
                  const PerAxis& stride = 1, const PerAxis& pad = 0, bool nobias = false,
                  const std::optional<PerAxis>& outsize = {}, const Initializer& initialW = {},
                  const Initializer& initial_bias = {});
};

}  // namespace nn::inline links
