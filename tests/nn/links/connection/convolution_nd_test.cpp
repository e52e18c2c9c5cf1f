#include "nn/links/connection/convolution_nd.h"

#include <gtest/gtest.h>

#include "autograd/functions/connection/convolution_nd.h"
#include "nn/links/connection/deconvolution_nd.h"
#include "nn/links/connection/local_convolution.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

// numpy.random.seed(0); L.ConvolutionND(3, 2, 4, (3, 2, 1), groups=2).W.array and so on
TEST(ConvolutionsND, DrawWhatChainerDraws) {
  autograd::random::seed(0);
  expect_begins(ConvolutionND(3, 2, 4, {3, 2, 1}, {.groups = 2}).W, {4, 1, 3, 2, 1},
                {0.720171332359314f, 0.1633635014295578f, 0.399568110704422f, 0.914840817451477f});
  autograd::random::seed(0);
  expect_begins(Convolution1D(2, 4, 3).W, {4, 2, 3},
                {0.720171332359314f, 0.1633635014295578f, 0.399568110704422f, 0.914840817451477f});
  autograd::random::seed(0);
  expect_begins(
      Convolution3D(2, 4, 2).W, {4, 2, 2, 2, 2},
      {0.4410130977630615f, 0.10003930330276489f, 0.24468450248241425f, 0.5602232813835144f});
  autograd::random::seed(0);
  expect_begins(DeconvolutionND(3, 4, 2, {3, 2, 1}, {.groups = 2}).W, {4, 1, 3, 2, 1},
                {0.720171332359314f, 0.1633635014295578f, 0.399568110704422f, 0.914840817451477f});
  autograd::random::seed(0);
  expect_begins(
      Deconvolution1D(2, 4, 3).W, {2, 4, 3},
      {0.509238064289093f, 0.11551543325185776f, 0.2825373113155365f, 0.6468901634216309f});
  autograd::random::seed(0);
  expect_begins(
      Deconvolution3D(2, 4, 2).W, {2, 4, 2, 2, 2},
      {0.3118433356285095f, 0.07073847204446793f, 0.17301806807518005f, 0.39613768458366394f});
  autograd::random::seed(0);
  expect_begins(
      LocalConvolution2D(2, 3, {{4, 5}}, {2, 3}).W, {3, 3, 3, 2, 2, 3},
      {0.1697460114955902f, 0.03850514441728592f, 0.09417910873889923f, 0.21563005447387695f});
}

TEST(ConvolutionsND, WaitForTheFirstInput) {
  ConvolutionND c(3, 4, 2);
  EXPECT_FALSE(c.W.is_initialized());
  EXPECT_EQ(c(zeros({2, 3, 4, 5, 3})).shape(), (Shape{2, 4, 3, 4, 2}));
  EXPECT_EQ(c.W.shape(), (Shape{4, 3, 2, 2, 2}));
  ASSERT_EQ(c.namedparams().size(), 2u);
  EXPECT_EQ(c.namedparams()[0].path, "/W");
  EXPECT_EQ(c.namedparams()[1].path, "/b");

  Convolution1D g(None, 4, 3, {.stride = 2, .pad = 1, .nobias = true, .groups = 2});
  EXPECT_EQ(g(zeros({2, 6, 5})).shape(), (Shape{2, 4, 3}));
  EXPECT_EQ(g.W.shape(), (Shape{4, 3, 3}));
  ASSERT_EQ(g.namedparams().size(), 1u);

  Deconvolution3D d(None, 4, 3, 2, 1);
  EXPECT_EQ(d(zeros({2, 3, 3, 3, 2})).shape(), (Shape{2, 4, 5, 5, 3}));
  EXPECT_EQ(d.W.shape(), (Shape{3, 4, 3, 3, 3}));
  EXPECT_EQ(d.b.shape(), (Shape{4}));

  LocalConvolution2D l(None, 3, None, {2, 3}, {.stride = {1, 2}});
  EXPECT_FALSE(l.b.is_initialized());
  EXPECT_EQ(l(zeros({2, 3, 4, 6})).shape(), (Shape{2, 3, 3, 2}));
  EXPECT_EQ(l.W.shape(), (Shape{3, 3, 2, 3, 2, 3}));
  EXPECT_EQ(l.b.shape(), (Shape{3, 3, 2}));
}

TEST(ConvolutionsND, CallTheirFunctionsWithTheirOptions) {
  const Array x = counted({1, 4, 5, 4, 3}), b = Array::of<float>({1, -2, 3, 0.5f});
  const Array W = counted({4, 2, 3, 2, 1});
  ConvolutionND c(3, 4, 4, {3, 2, 1},
                  {.stride = {2, 1, 2},
                   .pad = {0, 2, 1},
                   .initialW = W,
                   .initial_bias = b,
                   .cover_all = true,
                   .dilate = {1, 2, 1},
                   .groups = 2});
  EXPECT_EQ(values(c(x).array()), values(autograd::convolution_nd(x, W, b,
                                                                  {.stride = {2, 1, 2},
                                                                   .pad = {0, 2, 1},
                                                                   .cover_all = true,
                                                                   .dilate = {1, 2, 1},
                                                                   .groups = 2})
                                             .array()));
  DeconvolutionND d(3, 4, 4, {3, 2, 1},
                    {.stride = {2, 1, 2},
                     .pad = {0, 1, 0},
                     .outsize = {{12, 4, 6}},
                     .initialW = W,
                     .initial_bias = b,
                     .dilate = {1, 2, 1},
                     .groups = 2});
  EXPECT_EQ(values(d(x).array()), values(autograd::deconvolution_nd(x, W, b,
                                                                    {.stride = {2, 1, 2},
                                                                     .pad = {0, 1, 0},
                                                                     .outsize = {{12, 4, 6}},
                                                                     .dilate = {1, 2, 1},
                                                                     .groups = 2})
                                             .array()));
  const Array image = counted({2, 2, 4, 5}), V = counted({1, 2, 3, 2, 2, 1}),
              e = counted({1, 2, 3});
  LocalConvolution2D l(2, 1, {{4, 5}}, {2, 1}, {.stride = 2, .initialW = V, .initial_bias = e});
  EXPECT_EQ(values(l(image).array()),
            values(autograd::local_convolution_2d(image, V, e, 2).array()));
}

TEST(ConvolutionsND, RefuseSizesThatMakeNoSense) {
  EXPECT_EQ(message_of([] {
              Convolution3D(3, 4, {3, 2});
            }),
            "ConvolutionND: ksize must be one number, or one for each of 3 axes, but it is (3, 2)");
  EXPECT_EQ(message_of([] { ConvolutionND(0, 3, 4, 3); }),
            "ConvolutionND: ndim must be in [1, 6], but it is 0");
  EXPECT_EQ(message_of([] { Deconvolution1D(3, 0, 3); }),
            "DeconvolutionND: out_channels and ksize must be at least 1, but they are 0 and (3)");
  EXPECT_EQ(message_of([] { Convolution1D(3, 4, 3, {.groups = 2}); }),
            "ConvolutionND: in_channels and out_channels must be divisible by groups, but they are "
            "3 and 4, and groups is 2");
  Deconvolution1D later(None, 4, 3);
  EXPECT_EQ(message_of([&] {
              later(zeros({1, 3, 5, 5}));
            }),
            "DeconvolutionND: x must have 3 axes, but x is float32(1, 3, 5, 5)");
  EXPECT_EQ(message_of([] { LocalConvolution2D(3, 4, 2, 3); }),
            "LocalConvolution2D: in_channels must be at least 1 and in_size at least ksize, but "
            "they are 3 and (2, 2), and ksize is (3, 3)");
  EXPECT_EQ(message_of([] { LocalConvolution2D(3, 4, 5, 3, 0); }),
            "LocalConvolution2D: stride must be at least 1, but it is (0, 0)");
}

}  // namespace
}  // namespace nn
