#include "nn/links/connection/inception.h"

#include <fmt/format.h>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/pooling/pooling.h"

namespace nn::inline links {

static Convolution2DOptions with_pad(const InceptionOptions& o, int pad) {
  return {.pad = pad, .initialW = o.conv_init, .initial_bias = o.bias_init};
}

Inception::Inception(Size in_channels, std::int64_t out1, std::int64_t p3, std::int64_t out3,
                     std::int64_t p5, std::int64_t out5, std::int64_t proj_pool,
                     const InceptionOptions& o)
    : conv1(in_channels, out1, 1, with_pad(o, 0)),
      proj3(in_channels, p3, 1, with_pad(o, 0)),
      conv3(p3, out3, 3, with_pad(o, 1)),
      proj5(in_channels, p5, 1, with_pad(o, 0)),
      conv5(p5, out5, 5, with_pad(o, 2)),
      projp(in_channels, proj_pool, 1, with_pad(o, 0)) {}

void Inception::list(Members& members) {
  members("conv1", conv1)("proj3", proj3)("conv3", conv3)("proj5", proj5)("conv5", conv5);
  members("projp", projp);
}

Variable Inception::operator()(const Variable& x) {
  const auto forward = [&] {
    const Variable out1 = conv1(x);
    const Variable out3 = conv3(autograd::relu(proj3(x)));
    const Variable out5 = conv5(autograd::relu(proj5(x)));
    const Variable pooled = projp(autograd::max_pooling_2d(x, 3, {.stride = 1, .pad = 1}));
    return autograd::relu(autograd::concat({out1, out3, out5, pooled}, 1));
  };
  return hooked(forward, x);
}

static Convolution2DOptions without_bias(const InceptionBNOptions& o, int pad,
                                         HeightWidth stride = 1) {
  return {.stride = stride, .pad = pad, .nobias = true, .initialW = o.conv_init};
}

InceptionBN::InceptionBN(Size in_channels, std::int64_t out_1, std::int64_t p3, std::int64_t out3,
                         std::int64_t p33, std::int64_t out33, PoolType type,
                         const InceptionBNOptions& o)
    : out1(out_1),
      proj_pool(o.proj_pool),
      stride(o.stride),
      pooltype(type),
      proj3(in_channels, p3, 1, without_bias(o, 0)),
      conv3(p3, out3, 3, without_bias(o, 1, stride)),
      proj33(in_channels, p33, 1, without_bias(o, 0)),
      conv33a(p33, out33, 3, without_bias(o, 1)),
      conv33b(out33, out33, 3, without_bias(o, 1, stride)),
      proj3n(p3, {.dtype = o.dtype}),
      conv3n(out3, {.dtype = o.dtype}),
      proj33n(p33, {.dtype = o.dtype}),
      conv33an(out33, {.dtype = o.dtype}),
      conv33bn(out33, {.dtype = o.dtype}) {
  if (out1 < 0)
    throw autograd::Error(
        fmt::format("InceptionBN: out1 must not be negative, but it is {}", out1));
  if (out1 > 0 && (stride.height != 1 || stride.width != 1 || !proj_pool.is_known()))
    throw autograd::Error(
        fmt::format("InceptionBN: where out1 is not 0 the stride must be 1 and proj_pool be given, "
                    "but they are ({}, {}) and {}",
                    stride.height, stride.width, to_string(proj_pool)));
  if (out1 > 0) {
    conv1.emplace(in_channels, out1, 1, without_bias(o, 0));
    conv1n.emplace(out1, BatchNormalizationOptions{.dtype = o.dtype});
  }
  if (proj_pool.is_known()) {
    poolp.emplace(in_channels, *proj_pool, 1, without_bias(o, 0));
    poolpn.emplace(*proj_pool, BatchNormalizationOptions{.dtype = o.dtype});
  }
}

void InceptionBN::list(Members& members) {
  members("proj3", proj3)("conv3", conv3)("proj33", proj33)("conv33a", conv33a);
  members("conv33b", conv33b)("proj3n", proj3n)("conv3n", conv3n)("proj33n", proj33n);
  members("conv33an", conv33an)("conv33bn", conv33bn)("conv1", conv1)("conv1n", conv1n);
  members("poolp", poolp)("poolpn", poolpn);
}

Variable InceptionBN::operator()(const Variable& x) {
  const auto step = [](Convolution2D& convolution, BatchNormalization& normalization,
                       const Variable& h) { return autograd::relu(normalization(convolution(h))); };
  const auto forward = [&] {
    Variables outs;
    if (conv1) outs.push_back(step(*conv1, *conv1n, x));
    outs.push_back(step(conv3, conv3n, step(proj3, proj3n, x)));
    const Variable h33 = step(conv33a, conv33an, step(proj33, proj33n, x));
    outs.push_back(step(conv33b, conv33bn, h33));
    const Variable pooled =
        pooltype == PoolType::max
            ? autograd::max_pooling_2d(x, 3, {.stride = stride, .pad = 1, .cover_all = false})
            : autograd::average_pooling_2d(x, 3, {.stride = stride, .pad = 1});
    outs.push_back(poolp ? step(*poolp, *poolpn, pooled) : pooled);
    return autograd::concat(outs, 1);
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
