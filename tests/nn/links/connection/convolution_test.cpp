#include "nn/links/connection/convolution.h"

#include <gtest/gtest.h>

#include "autograd/functions/connection/convolution.h"
#include "nn/links/connection/deconvolution.h"
#include "nn/links/connection/depthwise_convolution.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using autograd::Error;

// numpy.random.seed(0); L.Convolution2D(2, 4, (3, 2), groups=2).W.array and so on
TEST(Convolutions, DrawWhatChainerDraws) {
  autograd::random::seed(0);
  expect_begins(Convolution2D(2, 4, {3, 2}, {.groups = 2}).W, {4, 1, 3, 2},
                {0.720171332359314f, 0.1633635014295578f, 0.399568110704422f, 0.914840817451477f});
  autograd::random::seed(0);
  expect_begins(Deconvolution2D(4, 2, {3, 2}, {.groups = 2}).W, {4, 1, 3, 2},
                {0.720171332359314f, 0.1633635014295578f, 0.399568110704422f, 0.914840817451477f});
  autograd::random::seed(0);
  expect_begins(
      DepthwiseConvolution2D(2, 3, 2).W, {3, 2, 2, 2},
      {0.623686671257019f, 0.14147694408893585f, 0.3460361361503601f, 0.7922753691673279f});
  autograd::random::seed(0);
  expect_begins(
      DilatedConvolution2D(3, 2, 2).W, {2, 3, 2, 2},
      {0.509238064289093f, 0.11551543325185776f, 0.2825373113155365f, 0.6468901634216309f});
}

TEST(Convolutions, WaitForTheFirstInput) {
  Convolution2D c(4, 3);
  EXPECT_FALSE(c.W.is_initialized());
  EXPECT_EQ(c(zeros({2, 3, 5, 5})).shape(), (Shape{2, 4, 3, 3}));
  EXPECT_EQ(c.W.shape(), (Shape{4, 3, 3, 3}));
  EXPECT_EQ(c.W.name(), "W");

  Convolution2D g(None, 4, 3, {.stride = 2, .pad = 1, .nobias = true, .groups = 2});
  EXPECT_EQ(g(zeros({2, 6, 5, 5})).shape(), (Shape{2, 4, 3, 3}));
  EXPECT_EQ(g.W.shape(), (Shape{4, 3, 3, 3}));
  ASSERT_EQ(g.namedparams().size(), 1u);

  Deconvolution2D d(None, 4, 3, {.stride = 2, .pad = 1, .outsize = {{6, 6}}});
  EXPECT_EQ(d(zeros({2, 3, 3, 3})).shape(), (Shape{2, 4, 6, 6}));
  EXPECT_EQ(d.W.shape(), (Shape{3, 4, 3, 3}));
  EXPECT_EQ(d.b.shape(), (Shape{4}));

  DepthwiseConvolution2D w(None, 2, 3, 1, 1);
  EXPECT_FALSE(w.b.is_initialized());
  EXPECT_EQ(w(zeros({2, 3, 5, 5})).shape(), (Shape{2, 6, 5, 5}));
  EXPECT_EQ(w.W.shape(), (Shape{2, 3, 3, 3}));
  EXPECT_EQ(w.b.shape(), (Shape{6}));

  DilatedConvolution2D l(None, 2, 3, 1, 2, 2);
  EXPECT_EQ(l(zeros({2, 3, 5, 5})).shape(), (Shape{2, 2, 5, 5}));
}

TEST(Convolutions, ListWAndB) {
  Convolution2D c(3, 2, 1);
  ASSERT_EQ(c.namedparams().size(), 2u);
  EXPECT_EQ(c.namedparams()[0].path, "/W");
  EXPECT_EQ(c.namedparams()[1].path, "/b");
  EXPECT_EQ(values(c.b.array()), (std::vector<float>{0, 0}));
}

TEST(Convolutions, CallTheirFunctionsWithTheirOptions) {
  const Array x = counted({1, 4, 7, 6}), b = Array::of<float>({1, -2, 3, 0.5f});
  const Array W = counted({4, 2, 3, 2});
  Convolution2D c(4, 4, {3, 2},
                  {.stride = {2, 1},
                   .pad = {0, 2},
                   .initialW = W,
                   .initial_bias = b,
                   .dilate = {1, 2},
                   .groups = 2});
  EXPECT_EQ(values(c(x).array()),
            values(autograd::convolution_2d(
                       x, W, b, {.stride = {2, 1}, .pad = {0, 2}, .dilate = {1, 2}, .groups = 2})
                       .array()));
  Deconvolution2D d(4, 4, {3, 2},
                    {.stride = {2, 1},
                     .pad = {0, 2},
                     .outsize = {{16, 4}},
                     .initialW = W,
                     .initial_bias = b,
                     .dilate = {1, 2},
                     .groups = 2});
  EXPECT_EQ(values(d(x).array()), values(autograd::deconvolution_2d(x, W, b,
                                                                    {.stride = {2, 1},
                                                                     .pad = {0, 2},
                                                                     .outsize = {{16, 4}},
                                                                     .dilate = {1, 2},
                                                                     .groups = 2})
                                             .array()));
  const Array V = counted({1, 4, 3, 2});
  DepthwiseConvolution2D w(4, 1, {3, 2},
                           {.stride = 2, .pad = {0, 1}, .initialW = V, .initial_bias = b});
  EXPECT_EQ(
      values(w(x).array()),
      values(autograd::depthwise_convolution_2d(x, V, b, {.stride = 2, .pad = {0, 1}}).array()));
  DilatedConvolution2D l(4, 4, 2, {.stride = 2, .pad = 1, .dilate = {3, 2}, .initialW = 1.0});
  EXPECT_EQ(values(l(x).array()),
            values(autograd::dilated_convolution_2d(x, Array::full({4, 4, 2, 2}, 1, Dtype::float32),
                                                    {}, {.stride = 2, .pad = 1, .dilate = {3, 2}})
                       .array()));
}

TEST(Convolutions, RefuseSizesThatMakeNoSense) {
  EXPECT_EQ(message_of([] { Convolution2D(3, 0, 3); }),
            "Convolution2D: out_channels and ksize must be at least 1, but they are 0 and (3, 3)");
  EXPECT_EQ(message_of([] { Convolution2D(3, 4, 3, {.groups = 2}); }),
            "Convolution2D: in_channels and out_channels must be divisible by groups, but they are "
            "3 and 4, and groups is 2");
  Convolution2D later(None, 4, 3, {.groups = 2});
  EXPECT_EQ(message_of([&] {
              later(zeros({1, 3, 5, 5}));
            }),
            "Convolution2D: in_channels and out_channels must be divisible by groups, but they are "
            "3 and 4, and groups is 2");
  EXPECT_EQ(message_of([&] {
              later(zeros({3, 5, 5}));
            }),
            "Convolution2D: x must have 4 axes, but x is float32(3, 5, 5)");
  EXPECT_EQ(
      message_of([] {
        Deconvolution2D(3, 4, {3, 0});
      }),
      "Deconvolution2D: out_channels and ksize must be at least 1, but they are 4 and (3, 0)");
  EXPECT_EQ(message_of([] { Deconvolution2D(4, 3, 3, {.groups = 2}); }),
            "Deconvolution2D: in_channels and out_channels must be divisible by groups, but they "
            "are 4 and 3, and groups is 2");
  EXPECT_EQ(message_of([] { DepthwiseConvolution2D(0, 3, 3); }),
            "DepthwiseConvolution2D: in_channels must be at least 1, but it is 0");
  EXPECT_EQ(message_of([] { DepthwiseConvolution2D(3, 0, 3); }),
            "DepthwiseConvolution2D: channel_multiplier and ksize must be at least 1, but they are "
            "0 and (3, 3)");
}

}  // namespace
}  // namespace nn
