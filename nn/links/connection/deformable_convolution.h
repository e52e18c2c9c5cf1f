#pragma once

#include "autograd/base/by_name.h"
#include "nn/links/connection/convolution.h"

namespace nn::inline links {

struct DeformableConvolution2DOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool offset_nobias = false;
  Initializer offset_initialW = {};      // LeCunNormal
  Initializer offset_initial_bias = {};  // 0
  bool deform_nobias = false;
  Initializer deform_initialW = {};      // 0
  Initializer deform_initial_bias = {};  // 0
};

struct DeformableConvolution2DSamplerOptions {
  autograd::ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool nobias = false;
  Initializer initialW = {};      // 0
  Initializer initial_bias = {};  // 0
};

// The filters W (out_channels, in_channels, kh, kw) and b (out_channels) of a deformable convolution:
// autograd::deformable_convolution_2d_sampler. W is initialised by `initialW`, by default 0, as in
// Chainer; at construction if in_channels is known, else by the first input.
class DeformableConvolution2DSampler : public Polymorphic<DeformableConvolution2DSampler> {
 public:
  DeformableConvolution2DSampler(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                                 const DeformableConvolution2DSamplerOptions& options = {});

  // `offset` moves the places of the filters.
  Variable operator()(const Variable& x, const Variable& offset);
  void list(Members& members) override { members("W", W)("b", b); }

  Parameter W, b;
  std::int64_t out_channels;
  HeightWidth ksize, stride, pad;

 private:
  void initialize(std::int64_t in_channels);
};

// A convolution of images (batch, in_channels, height, width) whose filters look where a second
// convolution of the same images tells them (Dai et al., arXiv:1703.06211):
//   deform_conv(x, offset_conv(x))
// The filters of offset_conv are initialised by LeCunNormal, those of deform_conv by 0.
class DeformableConvolution2D : public Polymorphic<DeformableConvolution2D> {
 public:
  DeformableConvolution2D(Size in_channels, std::int64_t out_channels, HeightWidth ksize,
                          const DeformableConvolution2DOptions& options);
  DeformableConvolution2D(Size in_channels, std::int64_t out_channels, HeightWidth k,
                          HeightWidth s = 1, HeightWidth p = 0, bool offset_nobias = false,
                          const Initializer& offset_initialW = {},
                          const Initializer& offset_initial_bias = {}, bool deform_nobias = false,
                          const Initializer& deform_initialW = {},
                          const Initializer& deform_initial_bias = {})
      : DeformableConvolution2D(
            in_channels, out_channels, k,
            DeformableConvolution2DOptions{.stride = s,
                                           .pad = p,
                                           .offset_nobias = offset_nobias,
                                           .offset_initialW = offset_initialW,
                                           .offset_initial_bias = offset_initial_bias,
                                           .deform_nobias = deform_nobias,
                                           .deform_initialW = deform_initialW,
                                           .deform_initial_bias = deform_initial_bias}) {}

  Variable operator()(const Variable& x) {
    return hooked([&] { return deform_conv(x, offset_conv(x)); }, x);
  }
  void list(Members& members) override {
    members("offset_conv", offset_conv)("deform_conv", deform_conv);
  }

  Convolution2D offset_conv;
  DeformableConvolution2DSampler deform_conv;
};

}  // namespace nn::inline links
