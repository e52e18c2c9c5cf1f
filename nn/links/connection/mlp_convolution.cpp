#include "nn/links/connection/mlp_convolution.h"

#include "autograd/functions/activation/activation.h"

namespace nn::inline links {

MLPConvolution2D::MLPConvolution2D(Size in_channels, const std::vector<std::int64_t>& out_channels,
                                   HeightWidth ksize, const MLPConvolution2DOptions& o)
    : activation(o.activation ? o.activation : autograd::relu) {
  if (out_channels.empty())
    throw autograd::Error(
        "MLPConvolution2D: out_channels must hold a number for each layer, but there is none");
  append(Convolution2D(
      in_channels, out_channels[0], ksize,
      {.stride = o.stride, .pad = o.pad, .initialW = o.conv_init, .initial_bias = o.bias_init}));
  for (std::size_t i = 1; i < out_channels.size(); ++i)
    append(Convolution2D(out_channels[i - 1], out_channels[i], 1,
                         {.initialW = o.conv_init, .initial_bias = o.bias_init}));
}

Variable MLPConvolution2D::operator()(const Variable& x) {
  const auto forward = [&] {
    Variable h = (*this)[0](x);
    for (std::size_t i = 1; i < size(); ++i) h = (*this)[i](activation(h));
    return h;
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
