// The attributes that Chainer's links have, under their names: what __init__ sets in its source.
#include <gtest/gtest.h>

#include <optional>
#include <type_traits>
#include <utility>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using autograd::Axes;
using autograd::HeightWidth;
using autograd::PerAxis;

TEST(Attributes, OfFilters) {
  const Convolution2D c(4, 6, {3, 2}, {.stride = {2, 1}, .pad = 1, .dilate = {1, 2}, .groups = 2});
  EXPECT_EQ(c.in_channels, 4);
  EXPECT_EQ(c.out_channels, 6);
  EXPECT_EQ(c.ksize, HeightWidth(3, 2));
  EXPECT_EQ(c.stride, HeightWidth(2, 1));
  EXPECT_EQ(c.stride[0], 2);
  EXPECT_EQ(c.stride[1], 1);
  EXPECT_THROW(c.stride[2], autograd::Error);
  EXPECT_EQ(c.pad, HeightWidth(1));
  EXPECT_EQ(c.dilate, HeightWidth(1, 2));
  EXPECT_EQ(c.groups, 2);
  EXPECT_EQ(c.W.shape()[1], 2);
  EXPECT_EQ(c.b.shape(), Shape{6});
  EXPECT_EQ(Convolution2D(4, 3).in_channels, None);

  const DilatedConvolution2D dilated(3, 4, 3, {.stride = 2, .pad = 1, .dilate = 3});
  EXPECT_EQ(dilated.out_channels, 4);
  EXPECT_EQ(dilated.ksize, 3);
  EXPECT_EQ(dilated.stride, 2);
  EXPECT_EQ(dilated.pad, 1);
  EXPECT_EQ(dilated.dilate, 3);

  const Deconvolution2D d(4, 6, 3,
                          {.stride = 2, .pad = 1, .outsize = {{5, 6}}, .dilate = 1, .groups = 2});
  EXPECT_EQ(d.out_channels, 6);
  EXPECT_EQ(d.ksize, 3);
  EXPECT_EQ(d.stride, 2);
  EXPECT_EQ(d.pad, 1);
  EXPECT_EQ(d.outsize, HeightWidth(5, 6));
  EXPECT_EQ(d.dilate, 1);
  EXPECT_EQ(d.groups, 2);

  const DepthwiseConvolution2D depthwise(3, 2, {3, 2}, {.stride = 2, .pad = 1, .nobias = true});
  EXPECT_EQ(depthwise.channel_multiplier, 2);
  EXPECT_EQ(depthwise.ksize, HeightWidth(3, 2));
  EXPECT_EQ(depthwise.stride, 2);
  EXPECT_EQ(depthwise.pad, 1);
  EXPECT_TRUE(depthwise.nobias);

  const LocalConvolution2D local(3, 4, {{5, 5}}, 3, {.stride = 2});
  EXPECT_EQ(local.out_channels, 4);
  EXPECT_EQ(local.ksize, 3);
  EXPECT_EQ(local.stride, 2);
  EXPECT_FALSE(local.nobias);
}

TEST(Attributes, OfFiltersOfAnyNumberOfAxes) {
  const ConvolutionND c(
      3, 4, 6, {3, 2, 1},
      {.stride = {1, 2, 3}, .pad = 1, .cover_all = true, .dilate = 1, .groups = 2});
  EXPECT_EQ(c.out_channels, 6);
  EXPECT_EQ(c.ksize, (Shape{3, 2, 1}));
  EXPECT_EQ(c.stride[2], 3);
  EXPECT_EQ(c.pad[2], 1);
  EXPECT_TRUE(c.cover_all);
  EXPECT_EQ(c.dilate[0], 1);
  EXPECT_EQ(c.groups, 2);
  EXPECT_EQ(Convolution1D(2, 3, 5).ksize, Shape{5});
  EXPECT_EQ(Convolution3D(2, 3, 5).ksize, (Shape{5, 5, 5}));

  const DeconvolutionND d(1, 4, 6, 3, {.stride = 2, .pad = 1, .outsize = 6, .groups = 2});
  EXPECT_EQ(d.out_channels, 6);
  EXPECT_EQ(d.ksize, Shape{3});
  EXPECT_EQ(d.stride[0], 2);
  EXPECT_EQ(d.pad[0], 1);
  EXPECT_EQ((*d.outsize)[0], 6);
  EXPECT_EQ(d.dilate[0], 1);
  EXPECT_EQ(d.groups, 2);
  EXPECT_EQ(Deconvolution1D(2, 3, 5).ksize, Shape{5});
  EXPECT_EQ(Deconvolution3D(2, 3, 5).ksize, (Shape{5, 5, 5}));
}

TEST(Attributes, OfLinearLayers) {
  const Linear l(3, 4);
  EXPECT_EQ(l.in_size, 3);
  EXPECT_EQ(l.out_size, 4);
  EXPECT_EQ(Linear(4).in_size, None);
  EXPECT_EQ(EmbedID(3, 4, {.ignore_label = -1}).ignore_label, -1);
  const Bilinear bilinear(2, 3, 4, {.nobias = true});
  EXPECT_EQ(bilinear.in_sizes, (std::pair<std::int64_t, std::int64_t>(2, 3)));
  EXPECT_TRUE(bilinear.nobias);
  EXPECT_FALSE(bilinear.V1);
  const Maxout maxout(3, 4, 2);
  EXPECT_EQ(maxout.out_size, 4);
  EXPECT_EQ(maxout.pool_size, 2);
  EXPECT_EQ(maxout.linear.out_size, 8);
  EXPECT_EQ(Bias(2, Shape{3}).axis, 2);
  const Scale scale(2, {.W_shape = Shape{3}, .bias_term = true});
  EXPECT_EQ(scale.axis, 2);
  EXPECT_EQ(scale.bias->axis, 2);
  Highway highway(3);
  EXPECT_EQ(highway.activate(zeros({1, 3})).shape(), (Shape{1, 3}));
  highway.activate = autograd::leaky_relu;
  EXPECT_EQ(highway.plain.out_size, 3);
  EXPECT_EQ(highway.transform.out_size, 3);
}

TEST(Attributes, OfNormalization) {
  const BatchNormalization bn(None, {.decay = 0.8, .eps = 1e-3, .axis = {0, 2}});
  EXPECT_EQ(bn.decay, 0.8);
  EXPECT_EQ(bn.eps, 1e-3);
  EXPECT_EQ(bn.N, 0);
  EXPECT_EQ(bn.axis.size(), 2);
  EXPECT_FALSE(bn.avg_mean);
  EXPECT_TRUE(BatchNormalization(3).axis.all());
  EXPECT_EQ(LayerNormalization(3, {.eps = 1e-3}).eps, 1e-3);
  const GroupNormalization group(2, 4, {.eps = 1e-3});
  EXPECT_EQ(group.groups, 2);
  EXPECT_EQ(group.eps, 1e-3);
}

TEST(Attributes, OfRecurrentLayers) {
  const LSTM lstm(3, 4, {.forget_bias_init = 2.0});
  EXPECT_EQ(lstm.state_size, 4);
  EXPECT_EQ(lstm.upward.out_size, 16);
  EXPECT_TRUE(lstm.lateral_init);
  EXPECT_TRUE(lstm.upward_init);
  EXPECT_EQ(lstm.bias_init({2}, Dtype::float32).to_vector<float>(), (std::vector<float>{0, 0}));
  EXPECT_EQ(lstm.forget_bias_init({1}, Dtype::float32).item(), 2);
  EXPECT_EQ(StatelessLSTM(3, 4).state_size, 4);
  EXPECT_EQ(StatefulGRU(3, 4).state_size, 4);
  NStepBiLSTM deep(2, 3, 4, 0.5);
  EXPECT_EQ(deep.n_layers, 2);
  EXPECT_EQ(deep.out_size, 4);
  EXPECT_EQ(deep.dropout, 0.5);
  EXPECT_EQ(deep.direction, 2);
  EXPECT_TRUE(deep.use_bi_direction);
  EXPECT_EQ(deep.n_weights, 8);
  EXPECT_EQ(deep.n_cells, 2);
  EXPECT_EQ(deep.ws().size(), 4U);
  EXPECT_TRUE(deep.ws()[1][2].is(deep[1].w[2]));
  EXPECT_TRUE(deep.bs()[3][7].is(deep[3].b[7]));
  EXPECT_FALSE(NStepGRU(1, 3, 4, 0).use_bi_direction);
}

// Weights of length 1, as spectral normalization has them.
struct Normalized : Polymorphic<Normalized, Convolution2D> {
  using Polymorphic::Polymorphic;
  Variable operator()(const Variable& x) {
    return autograd::convolution_2d(x, W / 2, b, {.stride = stride, .pad = pad});
  }
};

TEST(Attributes, AreReadBySubclasses) {
  Normalized layer(2, 3, 3, 2, 1);
  Convolution2D plain(2, 3, 3, 2, 1);
  plain.W.set_array((layer.W / 2).array());
  const Variable x(ones({1, 2, 5, 5}));
  EXPECT_EQ(layer(x).array().to_vector<float>(), plain(x).array().to_vector<float>());
}

TEST(Attributes, MayBeChanged) {
  Convolution2D c(1, 1, 3);
  EXPECT_EQ(c(zeros({1, 1, 5, 5})).shape(), (Shape{1, 1, 3, 3}));
  c.pad = 1;
  c.stride = {2, 1};
  EXPECT_EQ(c(zeros({1, 1, 5, 5})).shape(), (Shape{1, 1, 3, 5}));
  Maxout maxout(2, 3, 2);
  maxout.pool_size = 3;
  EXPECT_EQ(maxout(zeros({1, 2})).shape(), (Shape{1, 2}));
  Bias bias(1, Shape{5});
  bias.axis = 2;
  EXPECT_EQ(bias(zeros({1, 2, 5})).shape(), (Shape{1, 2, 5}));
}

}  // namespace
}  // namespace nn
