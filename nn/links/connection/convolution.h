#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"

namespace nn::inline links {

using autograd::HeightWidth;

// A layer of filters that slide over images (batch, in_channels, height, width): convolution_2d
// with W (out_channels, in_channels / groups, kh, kw) and b (out_channels).
//
// W is drawn by `initialW` (LeCunNormal unless given), at once if in_channels is known, else when
// the first input shows it; b starts from `initial_bias` (0 unless given). Each may be a number, an
// array or an initializer.
//
//   nn::Convolution2D c1(3, 8, 3, 1, 1), c2(8, 16, {4, 3}, {.stride = 2, .nobias = true});
//   nn::Convolution2D c3(std::nullopt, 16, 3, 1, 1);
class Convolution2D : public Polymorphic<Convolution2D> {
 public:
  struct Options {
    autograd::ByName by_name = {};
    HeightWidth stride = 1, pad = 0;
    bool nobias = false;
    Initializer initialW = {};
    Initializer initial_bias = {};
    HeightWidth dilate = 1;
    std::int64_t groups = 1;
  };
  Convolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                HeightWidth ksize, const Options& options);
  Convolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                HeightWidth ksize, HeightWidth stride = 1, HeightWidth pad = 0, bool nobias = false,
                const Initializer& initialW = {}, const Initializer& initial_bias = {});
  // in_channels follows from the first input.
  Convolution2D(std::int64_t out, HeightWidth k) : Convolution2D(out, k, Options{}) {}
  Convolution2D(std::int64_t out, HeightWidth k, const Options& options)
      : Convolution2D(std::nullopt, out, k, options) {}

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("W", W)("b", b); }

  Parameter W, b;
  std::optional<std::int64_t> in_channels;  // as given
  std::int64_t out_channels;
  HeightWidth ksize, stride, pad, dilate;
  std::int64_t groups;

 private:
  void initialize(std::int64_t channels);
};

// A Convolution2D under the name that it has in older programs.
class DilatedConvolution2D : public Convolution2D {
 public:
  struct Options {
    autograd::ByName by_name = {};
    HeightWidth stride = 1, pad = 0, dilate = 1;
    bool nobias = false;
    Initializer initialW = {};
    Initializer initial_bias = {};
  };
  DilatedConvolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                       HeightWidth ksize, const Options& options);
  DilatedConvolution2D(std::optional<std::int64_t> in_channels, std::int64_t out_channels,
                       HeightWidth ksize, HeightWidth stride = 1, HeightWidth pad = 0,
                       HeightWidth dilate = 1, bool nobias = false,
                       const Initializer& initialW = {}, const Initializer& initial_bias = {});
  DilatedConvolution2D(std::int64_t out, HeightWidth k) : DilatedConvolution2D(out, k, Options{}) {}
  DilatedConvolution2D(std::int64_t out, HeightWidth k, const Options& options)
      : DilatedConvolution2D(std::nullopt, out, k, options) {}
};

}  // namespace nn::inline links
