#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"

namespace nn::inline links {

using autograd::PerAxis;

// A layer of filters that slide over images with `ndim` axes (batch, in_channels, d_1, ...,
// d_ndim): convolution_nd with W (out_channels, in_channels / groups, k_1, ..., k_ndim) and b
// (out_channels).
//
// W is drawn by `initialW` (LeCunNormal unless given), at once if in_channels is known, else when
// the first input shows it; b starts from `initial_bias` (0 unless given). Each may be a number, an
// array or an initializer.
//
//   nn::ConvolutionND c1(3, 8, 16, 3, {.stride = {2, 1, 1}, .pad = 1});
//   nn::Convolution1D c2(std::nullopt, 16, 5);
class ConvolutionND : public Polymorphic<ConvolutionND> {
 public:
  struct Options {
    autograd::ByName by_name = {};
    PerAxis stride = 1, pad = 0;
    bool nobias = false;
    Initializer initialW = {};
    Initializer initial_bias = {};
    bool cover_all = false;
    PerAxis dilate = 1;
    std::int64_t groups = 1;
  };
  ConvolutionND(int ndim, std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                const PerAxis& ksize, const Options& options);
  ConvolutionND(int ndim, std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                const PerAxis& ksize, const PerAxis& stride = 1, const PerAxis& pad = 0,
                bool nobias = false, const Initializer& initialW = {},
                const Initializer& initial_bias = {});
  // in_channels follows from the first input.
  ConvolutionND(int ndim, std::int64_t out, const PerAxis& k)
      : ConvolutionND(ndim, std::nullopt, out, k, Options{}) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("W", W)("b", b); }

  Parameter W, b;
  std::int64_t out_channels;
  Shape ksize;  // a length for each axis
  PerAxis stride, pad;
  bool cover_all;
  PerAxis dilate;
  std::int64_t groups;

 private:
  void initialize(std::int64_t in_channels);
};

// A ConvolutionND of sequences.
class Convolution1D : public ConvolutionND {
 public:
  Convolution1D(std::optional<std::int64_t> in_channels, std::int64_t out, const PerAxis& k,
                const Options& options)
      : ConvolutionND(1, in_channels, out, k, options) {}
  Convolution1D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                const PerAxis& ksize, const PerAxis& stride = 1, const PerAxis& pad = 0,
                bool nobias = false, const Initializer& initialW = {},
                const Initializer& initial_bias = {});
};

// A ConvolutionND of volumes.
class Convolution3D : public ConvolutionND {
 public:
  Convolution3D(std::optional<std::int64_t> in_channels, std::int64_t out, const PerAxis& k,
                const Options& options)
      : ConvolutionND(3, in_channels, out, k, options) {}
  Convolution3D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                const PerAxis& ksize, const PerAxis& stride = 1, const PerAxis& pad = 0,
                bool nobias = false, const Initializer& initialW = {},
                const Initializer& initial_bias = {});
};

}  // namespace nn::inline links
