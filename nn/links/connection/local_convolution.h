#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

using autograd::HeightWidth;

struct LocalConvolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1;
  bool nobias = false;
  Initializer initialW = {};
  Initializer initial_bias = {};
};

// A convolution of images (batch, in_channels, height, width) with different filters at each output
// pixel: local_convolution_2d with W (out_channels, out_h, out_w, in_channels, kh, kw) and b
// (out_channels, out_h, out_w), where out = (in_size - ksize) / stride + 1, rounded down.
//
// W is initialised by `initialW`, by default LeCunNormal, whose fan_in counts the output pixels,
// too, as in Chainer; b by `initial_bias`, by default 0. Both at construction if in_channels and
// in_size are known, else by the first input.
class LocalConvolution2D : public Polymorphic<LocalConvolution2D> {
 public:
  LocalConvolution2D(Size in_channels, std::int64_t out_channels,
                     std::optional<HeightWidth> in_size, HeightWidth ksize,
                     const LocalConvolution2DOptions& options);
  LocalConvolution2D(Size in_channels, std::int64_t out_channels,
                     std::optional<HeightWidth> in_size, HeightWidth ksize, HeightWidth stride = 1,
                     bool nobias = false, const Initializer& initialW = {},
                     const Initializer& initial_bias = {});

  Variable operator()(const Variable& x);
  void list(Members& members) override { members("W", W)("b", b); }

  Parameter W, b;
  std::int64_t out_channels;
  HeightWidth ksize, stride;
  bool nobias;

 private:
  void initialize(std::int64_t in_channels, HeightWidth in_size);
};

}  // namespace nn::inline links
