#pragma once

#include "autograd/base/by_name.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

using autograd::HeightWidth;

struct DepthwiseConvolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
};

// A convolution whose filters each apply to one channel: depthwise_convolution_2d with W
// (channel_multiplier, in_channels, kh, kw) and b (in_channels channel_multiplier).
//
// W is initialised by `initialW`, by default HeNormal(1 / sqrt(2)), and b by `initial_bias`, by
// default 0; both at construction if in_channels is known, else by the first input.
class DepthwiseConvolution2D : public Polymorphic<DepthwiseConvolution2D> {
 public:
  DepthwiseConvolution2D(Size in_channels, std::int64_t channel_multiplier, HeightWidth ksize,
                         const DepthwiseConvolution2DOptions& options);
  DepthwiseConvolution2D(Size in_channels, std::int64_t channel_multiplier, HeightWidth ksize,
                         HeightWidth stride = 1, HeightWidth pad = 0, bool nobias = false,
                         const Initializer& initialW = {}, const Initializer& initial_bias = {});

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("W", W)("b", b); }

  Parameter W, b;
  std::int64_t channel_multiplier;
  HeightWidth ksize, stride, pad;
  bool nobias;

 private:
  void initialize(std::int64_t in_channels);
};

}  // namespace nn::inline links
