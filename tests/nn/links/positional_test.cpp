// Arguments by position mean what they mean in Chainer: each link beside the same one by names.
#include <gtest/gtest.h>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using initializers::Normal;

// Both are drawn from one seed, and have the same parameters and answers.
template <class L>
void expect_same(L (*by_position)(), L (*by_name)(), const Array& x) {
  autograd::random::seed(0);
  L a = by_position();
  const Array y = a(x).array();
  autograd::random::seed(0);
  L b = by_name();
  const Array expected = b(x).array();
  EXPECT_TRUE(array_equal(y, expected)) << y << "\n" << expected;
  const auto of_a = a.namedparams(), of_b = b.namedparams();
  ASSERT_EQ(of_a.size(), of_b.size());
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    EXPECT_EQ(of_a[i].path, of_b[i].path);
    EXPECT_TRUE(array_equal(of_a[i].parameter.array(), of_b[i].parameter.array())) << of_a[i].path;
  }
}
#define EXPECT_SAME(LINK, POSITIONS, NAMES, X) \
  expect_same<LINK>([]() -> LINK { return LINK POSITIONS; }, []() -> LINK { return LINK NAMES; }, X)

TEST(Positional, Filters) {
  const Array x = ones({2, 2, 5, 6}), sequence = ones({2, 2, 7});
  EXPECT_SAME(Convolution2D, (2, 3, 3, 2, 1), (2, 3, 3, {.stride = 2, .pad = 1}), x);
  // Chainer's tuple (2, 1) is a stride along two axes.
  EXPECT_SAME(Convolution2D, (2, 3, 3, {2, 1}), (2, 3, 3, {.stride = {2, 1}}), x);
  EXPECT_SAME(Convolution2D, (2, 3, {3, 2}, 1, {1, 0}), (2, 3, {3, 2}, {.pad = {1, 0}}), x);
  EXPECT_SAME(Convolution2D, (2, 3, 3, 1, 0, true), (2, 3, 3, {.nobias = true}), x);
  EXPECT_SAME(Convolution2D, (2, 3, 3, 1, 0, false, Normal(0.1), 0.5),
              (2, 3, 3, {.initialW = Normal(0.1), .initial_bias = 0.5}), x);
  EXPECT_SAME(Convolution2D, (3, 3, {.pad = 1}), (None, 3, 3, {.pad = 1}), x);
  EXPECT_SAME(DilatedConvolution2D, (2, 3, 2, 2, 1, 2, true),
              (2, 3, 2, {.stride = 2, .pad = 1, .dilate = 2, .nobias = true}), x);
  EXPECT_SAME(Deconvolution2D, (2, 3, 4, 2, 1), (2, 3, 4, {.stride = 2, .pad = 1}), x);
  EXPECT_SAME(Deconvolution2D, (2, 3, 4, {2, 1}), (2, 3, 4, {.stride = {2, 1}}), x);
  EXPECT_SAME(Deconvolution2D, (2, 3, 3, 2, 1, true, {{10, 12}}),
              (2, 3, 3, {.stride = 2, .pad = 1, .nobias = true, .outsize = {{10, 12}}}), x);
  EXPECT_SAME(DepthwiseConvolution2D, (2, 3, 3, 2, 1, true),
              (2, 3, 3, {.stride = 2, .pad = 1, .nobias = true}), x);
  EXPECT_SAME(DepthwiseConvolution2D, (2, 3, 3, {2, 1}), (2, 3, 3, {.stride = {2, 1}}), x);
  EXPECT_SAME(LocalConvolution2D, (2, 3, {{5, 6}}, 3, 2, true),
              (2, 3, {{5, 6}}, 3, {.stride = 2, .nobias = true}), x);
  EXPECT_SAME(ConvolutionND, (2, 2, 3, 3, {2, 1}, 1, true),
              (2, 2, 3, 3, {.stride = {2, 1}, .pad = 1, .nobias = true}), x);
  EXPECT_SAME(Convolution1D, (2, 3, 3, 2, 1, false, 0.5),
              (2, 3, 3, {.stride = 2, .pad = 1, .initialW = 0.5}), sequence);
  EXPECT_SAME(DeconvolutionND, (2, 2, 3, 3, {2, 1}, 1, true),
              (2, 2, 3, 3, {.stride = {2, 1}, .pad = 1, .nobias = true}), x);
  EXPECT_SAME(Deconvolution1D, (2, 3, 3, 2, 1, false, 14),
              (2, 3, 3, {.stride = 2, .pad = 1, .outsize = 14}), sequence);
}

TEST(Positional, LinearLayers) {
  const Array x = ones({2, 3}), images = ones({2, 3, 4});
  EXPECT_SAME(Linear, (3, 4, true), (3, 4, {.nobias = true}), x);
  EXPECT_SAME(Linear, (None, 4, false, Normal(0.1), 0.5),
              (4, {.initialW = Normal(0.1), .initial_bias = 0.5}), x);
  EXPECT_SAME(Maxout, (3, 4, 2, Normal(0.1), 0.5),
              (3, 4, 2, {.initialW = Normal(0.1), .initial_bias = 0.5}), x);
  EXPECT_SAME(Highway, (3, true, autograd::leaky_relu, 0.1, 0.2),
              (3, {.nobias = true,
                   .activate = [](const Variable& h) { return autograd::leaky_relu(h); },
                   .init_Wh = 0.1,
                   .init_Wt = 0.2}),
              x);
  EXPECT_SAME(Scale, (1, {3}, true), (1, {.W_shape = Shape{3}, .bias_term = true}), images);
  const Array ids = Array::of<std::int32_t>({0, 2, -1});
  EXPECT_SAME(EmbedID, (3, 4, Normal(0.1), -1),
              (3, 4, {.initialW = Normal(0.1), .ignore_label = -1}), ids);
  EXPECT_TRUE(Bilinear(2, 3, 4, true).nobias);
}

TEST(Positional, NormalizationAndRecurrentLayers) {
  Array x = Array::of<float>({1, 2, 3, 5, 7, 11}, {{2, 3}});
  EXPECT_SAME(BatchNormalization, (3, 0.5, 1e-2), (3, {.decay = 0.5, .eps = 1e-2}), x);
  EXPECT_EQ(BatchNormalization(3, 0.5).decay, 0.5);
  EXPECT_SAME(BatchNormalization, (3, 0.9, 2e-5, Dtype::float32, false),
              (3, {.dtype = Dtype::float32, .use_gamma = false}), x);
  EXPECT_SAME(LayerNormalization, (3, 1e-2, 0.5, 0.1),
              (3, {.eps = 1e-2, .initial_gamma = 0.5, .initial_beta = 0.1}), x);
  EXPECT_SAME(GroupNormalization, (1, 3, 1e-2), (1, 3, {.eps = 1e-2}), x);
  EXPECT_SAME(LSTM, (3, 2, Normal(0.1), 0.2, 0.3, 0.4),
              (3, 2,
               {.lateral_init = Normal(0.1),
                .upward_init = 0.2,
                .bias_init = 0.3,
                .forget_bias_init = 0.4}),
              x);
  EXPECT_SAME(StatefulGRU, (3, 2, Normal(0.1), 0.2, 0.3),
              (3, 2, {.init = Normal(0.1), .inner_init = 0.2, .bias_init = 0.3}), x);
}

TEST(Positional, ComposedLayers) {
  const Array images = ones({2, 3, 5, 6}), rows = ones({2, 3});
  EXPECT_SAME(Inception, (3, 1, 2, 1, 2, 1, 2, Normal(0.1), 0.5),
              (3, 1, 2, 1, 2, 1, 2, {.conv_init = Normal(0.1), .bias_init = 0.5}), images);
  EXPECT_SAME(InceptionBN, (3, 0, 2, 1, 2, 1, PoolType::avg, 2, 2, Normal(0.1), Dtype::float32),
              (3, 0, 2, 1, 2, 1, PoolType::avg,
               {.proj_pool = 2, .stride = 2, .conv_init = Normal(0.1), .dtype = Dtype::float32}),
              images);
  EXPECT_SAME(MLPConvolution2D, (3, {4, 2}, 3, 2, 1, autograd::tanh),
              (3, {4, 2}, 3, {.stride = 2, .pad = 1, .activation = autograd::tanh}), images);
  EXPECT_SAME(SimplifiedDropconnect, (3, 2, 0.25, true, Normal(0.1)),
              (3, 2, {.ratio = 0.25, .nobias = true, .initialW = Normal(0.1)}), rows);
  const Array batch = Array::of<float>({1, 2, 3, 5, 7, 11}, {{2, 3}});
  EXPECT_SAME(BatchRenormalization, (3, 2, 1.0, 0.5, 1e-2),
              (3, {.rmax = 2, .dmax = 1, .decay = 0.5, .eps = 1e-2}), batch);
  EXPECT_SAME(DecorrelatedBatchNormalization, (3, 3, 0.5, 1e-2),
              (3, {.groups = 3, .decay = 0.5, .eps = 1e-2}), batch);
  EXPECT_SAME(DeformableConvolution2D, (3, 2, 3, 2, 1, true, 0.5, None, true, Normal(0.1)),
              (3, 2, 3,
               {.stride = 2,
                .pad = 1,
                .offset_nobias = true,
                .offset_initialW = 0.5,
                .deform_nobias = true,
                .deform_initialW = Normal(0.1)}),
              images);
  EXPECT_EQ(NaryTreeLSTM(3, 2, 4).n_ary, 4);
  EXPECT_SAME(StatefulZoneoutLSTM, (3, 2, 0.25, 0.75), (3, 2, {.c_ratio = 0.25, .h_ratio = 0.75}),
              rows);
}

TEST(Positional, Initializers) {
  const auto drawn = [](const Initializer& init) {
    autograd::random::seed(0);
    return init({3, 4}, Dtype::float64).to_vector<double>();
  };
  using namespace initializers;
  EXPECT_EQ(drawn(LeCunNormal(2.0)), drawn(LeCunNormal({.scale = 2})));
  EXPECT_EQ(drawn(LeCunUniform(2.0)), drawn(LeCunUniform({.scale = 2})));
  EXPECT_EQ(drawn(GlorotNormal(2.0)), drawn(GlorotNormal({.scale = 2})));
  EXPECT_EQ(drawn(GlorotUniform(2.0)), drawn(GlorotUniform({.scale = 2})));
  EXPECT_EQ(drawn(HeUniform(2.0)), drawn(HeUniform({.scale = 2})));
  EXPECT_EQ(drawn(HeNormal(2.0)), drawn(HeNormal({.scale = 2})));
  EXPECT_EQ(drawn(HeNormal(2.0, Fan::out)), drawn(HeNormal({.scale = 2, .fan_option = Fan::out})));
  // No argument in braces is none, not 0.
  EXPECT_EQ(drawn(HeNormal({})), drawn(HeNormal()));
}

}  // namespace
}  // namespace nn
