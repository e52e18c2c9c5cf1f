#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "autograd/base/by_name.h"
#include "nn/chain_list.h"
#include "nn/links/connection/convolution.h"

namespace nn::inline links {

struct MLPConvolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  std::function<Variable(const Variable&)> activation = {};  // relu
  Initializer conv_init = {};                                // LeCunNormal
  Initializer bias_init = {};                                // 0
};

// A convolution of images (batch, in_channels, height, width) by small perceptrons (Lin, Chen and
// Yan, "Network In Network", arXiv:1312.4400): a convolution with out_channels[0] filters of size
// ksize, and one of size 1 for each further number in out_channels, with `activation` between them.
// There is none after the last.
//
//   nn::MLPConvolution2D m(3, {16, 8}, 3, {.pad = 1}), later({16, 8}, 3);
class MLPConvolution2D : public Polymorphic<MLPConvolution2D, ChainList<Convolution2D>> {
 public:
  MLPConvolution2D(Size in_channels, const std::vector<std::int64_t>& out_channels,
                   HeightWidth ksize, const MLPConvolution2DOptions& options);
  MLPConvolution2D(Size in_channels, const std::vector<std::int64_t>& out_channels,
                   HeightWidth ksize, HeightWidth stride = 1, HeightWidth pad = 0,
                   const std::function<Variable(const Variable&)>& act = {},
                   const Initializer& conv_init = {}, const Initializer& bias_init = {})
      : MLPConvolution2D(in_channels, out_channels, ksize,
                         MLPConvolution2DOptions{.stride = stride,
                                                 .pad = pad,
                                                 .activation = act,
                                                 .conv_init = conv_init,
                                                 .bias_init = bias_init}) {}
  MLPConvolution2D(const std::vector<std::int64_t>& out_channels, HeightWidth ksize,
                   const MLPConvolution2DOptions& options = {})
      : MLPConvolution2D(None, out_channels, ksize, options) {}

  Variable operator()(const Variable& x);

  std::function<Variable(const Variable&)> activation;
};

}  // namespace nn::inline links
