#include "autograd/functions/connection/convolution.h"

#include <algorithm>
#include <cmath>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

// (1, 1, 2, 3)
const Array kImage = Array::of<double>({1, 2, 3, 4, 5, 6}, Shape{1, 1, 2, 3});
const Array kFilter = Array::of<double>({1, 10, 100, 1000}, Shape{1, 1, 2, 2});

// What the header's formula says, place by place.
Array naive(const Array& x, const Array& W, const Array& b, const Convolution2DOptions& o,
            std::int64_t oh, std::int64_t ow) {
  Array y = Array::zeros({x.length(0), W.length(0), oh, ow}, Dtype::float64);
  double* p = y.mutable_data<double>();
  const auto at = [](const Array& a, std::int64_t i, std::int64_t j, std::int64_t k,
                     std::int64_t l) {
    return a.data<double>()[((i * a.length(1) + j) * a.length(2) + k) * a.length(3) + l];
  };
  const std::int64_t channels = W.length(1), outs = W.length(0) / o.groups;
  for (std::int64_t n = 0; n < x.length(0); ++n)
    for (std::int64_t k = 0; k < W.length(0); ++k)
      for (std::int64_t i = 0; i < oh; ++i)
        for (std::int64_t j = 0; j < ow; ++j, ++p) {
          *p = b ? b.data<double>()[k] : 0;
          for (std::int64_t c = 0; c < channels; ++c)
            for (std::int64_t u = 0; u < W.length(2); ++u)
              for (std::int64_t v = 0; v < W.length(3); ++v) {
                const std::int64_t row = i * o.stride.height + u * o.dilate.height - o.pad.height,
                                   column = j * o.stride.width + v * o.dilate.width - o.pad.width;
                if (row >= 0 && row < x.length(2) && column >= 0 && column < x.length(3))
                  *p += at(W, k, c, u, v) * at(x, n, k / outs * channels + c, row, column);
              }
        }
  return y;
}

double largest(const Array& a) {
  double most = 1;
  for (const double v : values(a)) most = std::max(most, std::abs(v));
  return most;
}

TEST(Convolution2D, SumsProductsWithoutFlippingTheFilter) {
  EXPECT_THAT(values(convolution_2d(kImage, kFilter)), ElementsAre(5421, 6532));
  EXPECT_THAT(values(convolution_2d(kImage, kFilter, vector({0.5}))), ElementsAre(5421.5, 6532.5));
  EXPECT_THAT(values(convolution_2d(kImage, kFilter, {}, {.stride = 2, .pad = 1})),
              ElementsAre(1000, 3200, 40, 65));
}

struct ConvolutionSizes {
  Shape x, W;
  Convolution2DOptions options;
  std::int64_t oh, ow;
};
const ConvolutionSizes kConvolutionSizes[] = {
    {{2, 3, 5, 4}, {4, 3, 3, 2}, {}, 3, 3},
    {{3, 2, 7, 5}, {3, 2, 3, 3}, {.stride = 2, .pad = 1}, 4, 3},
    {{1, 4, 6, 7}, {6, 2, 2, 3}, {.stride = {2, 3}, .pad = {2, 1}, .groups = 2}, 5, 3},
    {{2, 2, 7, 8}, {2, 2, 3, 2}, {.pad = 1, .dilate = {2, 3}}, 5, 7},
    {{2, 3, 5, 6}, {2, 3, 2, 4}, {.stride = 3, .cover_all = true}, 2, 2},
    {{2, 5, 3, 4}, {3, 5, 1, 1}, {}, 3, 4},
    {{2, 4, 3, 4}, {4, 2, 1, 1}, {.groups = 2}, 3, 4},
    {{2, 2, 5, 5}, {2, 2, 1, 1}, {.stride = 2}, 3, 3},
    {{0, 2, 5, 5}, {2, 2, 3, 3}, {}, 3, 3},
    {{2, 1, 1, 1}, {2, 1, 3, 3}, {.pad = 4}, 7, 7},  // filters that miss the image
};

TEST(Convolution2D, IsItsFormula) {
  for (const ConvolutionSizes& s : kConvolutionSizes) {
    SCOPED_TRACE(&s - kConvolutionSizes);
    const Array x = numbers(s.x), W = numbers(s.W, 1), b = numbers({s.W[0]}, 2);
    const Array y = naive(x, W, b, s.options, s.oh, s.ow);
    expect_near(convolution_2d(x, W, b, s.options).array(), y, 1e-13);
    const auto single = [](const Array& a) { return a.astype(Dtype::float32); };
    expect_near(convolution_2d(single(x), single(W), single(b), s.options).array(), y, 3e-6);
  }
}

TEST(Convolution2D, HasDerivatives) {
  for (const ConvolutionSizes& s : kConvolutionSizes) {
    SCOPED_TRACE(&s - kConvolutionSizes);
    const Function f = [&](const Variables& v) {
      return Variables{convolution_2d(v[0], v[1], v.size() > 2 ? v[2] : Variable(), s.options)};
    };
    expect_derivatives(f, {numbers(s.x), numbers(s.W, 1), numbers({s.W[0]}, 2)});
    expect_derivatives(f, {numbers(s.x), numbers(s.W, 1)});
  }
}

// Large enough that the batch is cut into parts and its images into blocks.
const ConvolutionSizes kLargeSizes[] = {
    {{41, 8, 9, 11}, {12, 8, 3, 3}, {.pad = 1}, 9, 11},
    {{3, 6, 67, 70}, {8, 3, 3, 3}, {.stride = {1, 2}, .pad = 1, .groups = 2}, 67, 35},
    {{37, 24, 5, 6}, {40, 24, 1, 1}, {}, 5, 6},
    {{5, 24, 50, 60}, {16, 24, 1, 1}, {}, 50, 60},
    {{19, 20, 8, 8}, {24, 20, 4, 4}, {.stride = 2, .pad = 1}, 4, 4},
};

TEST(Convolution2D, GoesThroughLargeBatchesInBlocks) {
  for (const ConvolutionSizes& s : kLargeSizes) {
    SCOPED_TRACE(&s - kLargeSizes);
    const Array x = numbers(s.x), W = numbers(s.W, 1), b = numbers({s.W[0]}, 2);
    const auto run = [&](Dtype dtype) {
      const Variable vx(x.astype(dtype)), vW(W.astype(dtype)), vb(b.astype(dtype));
      const Variable y = convolution_2d(vx, vW, vb, s.options);
      Variables all = grad({y}, {vx, vW, vb},
                           {.grad_outputs = {Variable(numbers(y.shape(), 3).astype(dtype))}});
      all.push_back(y);
      return all;
    };
    const Variables exact = run(Dtype::float64), single = run(Dtype::float32);
    expect_near(exact[3].array(), naive(x, W, b, s.options, s.oh, s.ow), 1e-12);
    // Sums of up to 20,000 products: each rounding is 6e-8 of a partial sum, and they add up as the
    // root of their number does.
    for (std::size_t i = 0; i < exact.size(); ++i)
      expect_near(single[i].array(), exact[i].array(), 1e-5 * largest(exact[i].array()));
    // The adjoint and the map agree: <y, conv(x)> = <conv^T(y), x>, and so for W.
    const Variable gy = as_variable(numbers(exact[3].shape(), 3));
    const Array y0 = naive(x, W, {}, s.options, s.oh, s.ow);
    const double expected = sum(gy * Variable(y0)).item();
    EXPECT_NEAR(sum(exact[0] * Variable(x)).item(), expected, 1e-9);
    EXPECT_NEAR(sum(exact[1] * Variable(W)).item(), expected, 1e-9);
  }
}

// Then all places of the filters are one row, of a single line, in the products.
TEST(Convolution2D, HasTheImageAsGradientOfFiltersThatCoverIt) {
  for (const Dtype dtype : {Dtype::float32, Dtype::float64})
    for (const std::int64_t groups : {1, 2}) {
      const Array x = (Array::arange(12) + 1).reshape({1, 2, 3, 2}).astype(dtype);
      const Variable W(Array::ones({4, 2 / groups, 3, 2}, dtype));
      sum(convolution_2d(x, W, {}, {.groups = groups})).backward();
      const Array channels = x.reshape({groups, 1, 2 / groups, 3, 2});
      EXPECT_TRUE(
          array_equal(W.grad(), channels.broadcast_to({groups, 4 / groups, 2 / groups, 3, 2})
                                    .reshape({4, 2 / groups, 3, 2})))
          << name(dtype) << ", " << groups << " groups";
    }
}

TEST(Convolution2D, TakesAnyLayout) {
  const Array x = numbers({4, 5, 3, 2}).transpose(), W = numbers({2, 3, 3, 2}).transpose();
  EXPECT_EQ(values(convolution_2d(x, W)), values(convolution_2d(x.copy(), W.copy())));
  const Array z = x.astype(Dtype::float32), V = W.astype(Dtype::float32);
  EXPECT_EQ(values(convolution_2d(z, V)), values(convolution_2d(z.copy(), V.copy())));
}

TEST(Convolution2D, RefusesWhatDoesNotFit) {
  const Array x = numbers({2, 4, 5, 6}), W = numbers({6, 4, 3, 3}), b = numbers({6});
  const auto error = [&](const Variable& vx, const Variable& vW, const Variable& vb,
                         const Convolution2DOptions& o) {
    return message_of([&] { convolution_2d(vx, vW, vb, o); });
  };
  const std::string both = ", but x is float64(2, 4, 5, 6) and W is float64(6, 4, 3, 3)";
  EXPECT_EQ(error(x, numbers({6, 3, 3, 3}), b, {}),
            "convolution_2d: x.shape[1] must equal W.shape[1], but x is float64(2, 4, 5, 6) and W "
            "is float64(6, 3, 3, 3)");
  EXPECT_EQ(error(x, W, b, {.groups = 2}),
            "convolution_2d: x.shape[1] must be W.shape[1] times the 2 groups" + both);
  EXPECT_EQ(error(x, W, b, {.groups = 3}),
            "convolution_2d: x.shape[1] and W.shape[0] must be divisible into 3 groups" + both);
  EXPECT_EQ(error(x, W, b, {.groups = 0}),
            "convolution_2d: groups must be at least 1, but it is 0");
  EXPECT_EQ(error(x, numbers({6, 4, 9, 3}), b, {.pad = 1}),
            "convolution_2d: a filter of 9 must fit into axis 2 of x, which is 7 with its padding, "
            "but x is float64(2, 4, 5, 6) and W is float64(6, 4, 9, 3)");
  EXPECT_EQ(error(x, W, b, {.dilate = {1, 3}}),
            "convolution_2d: a filter of 7 must fit into axis 3 of x, which is 6 with its padding" +
                both);
  EXPECT_EQ(error(x, W, b, {.stride = {1, 0}}),
            "convolution_2d: stride must be at least 1, but it is (1, 0)");
  EXPECT_EQ(error(x, W, b, {.pad = {-1, 0}}),
            "convolution_2d: pad must not be negative, but it is (-1, 0)");
  EXPECT_EQ(error(x, W, b, {.dilate = 0}),
            "convolution_2d: dilate must be at least 1, but it is (0, 0)");
  EXPECT_EQ(error(x, W, numbers({5}), {}),
            "convolution_2d: b must be (6), but W is float64(6, 4, 3, 3) and b is float64(5)");
  EXPECT_EQ(error(x, W, numbers({6, 1}), {}),
            "convolution_2d: b must be (6), but W is float64(6, 4, 3, 3) and b is float64(6, 1)");
  EXPECT_EQ(error(x.reshape({8, 5, 6}), W, b, {}),
            "convolution_2d: x must have 4 axes, but x is float64(8, 5, 6) and W is float64(6, 4, "
            "3, 3)");
  EXPECT_EQ(error(x, W.astype(Dtype::float32), b, {}),
            "convolution_2d: all arguments must have one dtype, but x is float64(2, 4, 5, 6) and W "
            "is float32(6, 4, 3, 3)");
  EXPECT_EQ(error(x, numbers({6, 4, 0, 3}), b, {}),
            "convolution_2d: the filters must not be empty, but x is float64(2, 4, 5, 6) and W is "
            "float64(6, 4, 0, 3)");
}

TEST(Deconvolution2D, SpreadsEachPixel) {
  const Array x = Array::of<double>({1, 2}, Shape{1, 1, 1, 2});
  EXPECT_THAT(values(deconvolution_2d(x, kFilter)), ElementsAre(1, 12, 20, 100, 1200, 2000));
  EXPECT_THAT(values(deconvolution_2d(x, kFilter, vector({7}), {.stride = 2})),
              ElementsAre(8, 17, 9, 27, 107, 1007, 207, 2007));
  EXPECT_THAT(values(deconvolution_2d(x, kFilter, {}, {.stride = 2, .outsize = {{3, 3}}})),
              ElementsAre(1, 10, 2, 100, 1000, 200, 0, 0, 0));
}

struct DeconvolutionSizes {
  Shape x, W;
  Deconvolution2DOptions options;
  Shape y;
  bool cover_all = false;  // what the convolution back needs
};
const DeconvolutionSizes kDeconvolutionSizes[] = {
    {{2, 3, 3, 4}, {3, 2, 3, 2}, {}, {2, 2, 5, 5}},
    {{2, 3, 3, 2}, {3, 2, 4, 3}, {.stride = 2, .pad = 1}, {2, 2, 6, 3}},
    {{1, 2, 3, 3}, {2, 3, 3, 3}, {.stride = 2, .pad = 1, .outsize = {{6, 5}}}, {1, 3, 6, 5}},
    {{1, 2, 3, 3}, {2, 3, 3, 3}, {.stride = 2, .pad = 1, .outsize = {{4, 5}}}, {1, 3, 4, 5}, true},
    {{2, 4, 3, 3}, {4, 2, 2, 2}, {.stride = 2, .groups = 2}, {2, 4, 6, 6}},
    {{2, 2, 3, 3}, {2, 3, 2, 3}, {.pad = {0, 1}, .dilate = {2, 1}}, {2, 3, 5, 3}},
    {{0, 2, 3, 3}, {2, 3, 2, 2}, {}, {0, 3, 4, 4}},
};

TEST(Deconvolution2D, HasDerivativesAndIsTheTransposedConvolution) {
  for (const auto& s : kDeconvolutionSizes) {
    SCOPED_TRACE(&s - kDeconvolutionSizes);
    const Array x = numbers(s.x), W = numbers(s.W, 1), b = numbers({s.y[1]}, 2);
    EXPECT_EQ(deconvolution_2d(x, W, b, s.options).shape(), s.y);
    const Function f = [&](const Variables& v) {
      return Variables{deconvolution_2d(v[0], v[1], v.size() > 2 ? v[2] : Variable(), s.options)};
    };
    expect_derivatives(f, {x, W, b});
    expect_derivatives(f, {x, W});
    const Array image = numbers(s.y, 3);
    const Convolution2DOptions forth{.stride = s.options.stride,
                                     .pad = s.options.pad,
                                     .cover_all = s.cover_all,
                                     .dilate = s.options.dilate,
                                     .groups = s.options.groups};
    const Variable there = convolution_2d(image, W, {}, forth);
    ASSERT_EQ(there.shape(), s.x);
    EXPECT_NEAR(sum(there * Variable(x)).item(),
                sum(deconvolution_2d(x, W, {}, s.options) * Variable(image)).item(), 1e-12);
  }
}

TEST(Deconvolution2D, GivesLargerImagesAlongOneAxisAndSmallerOnesAlongTheOther) {
  const Function f = [](const Variables& v) {
    return Variables{
        deconvolution_2d(v[0], v[1], {}, {.stride = 2, .pad = 1, .outsize = {{6, 4}}})};
  };
  expect_derivatives(f, {numbers({1, 2, 3, 3}), numbers({2, 3, 3, 3}, 1)});
}

TEST(Deconvolution2D, RefusesWhatDoesNotFit) {
  const Array x = numbers({2, 4, 5, 6}), W = numbers({4, 3, 3, 3}), b = numbers({3});
  const auto error = [&](const Variable& vx, const Variable& vW, const Variable& vb,
                         const Deconvolution2DOptions& o) {
    return message_of([&] { deconvolution_2d(vx, vW, vb, o); });
  };
  const std::string both = ", but x is float64(2, 4, 5, 6) and W is float64(4, 3, 3, 3)";
  EXPECT_EQ(
      error(x, numbers({3, 4, 3, 3}), b, {}),
      "deconvolution_2d: x.shape[1] must equal W.shape[0], but x is float64(2, 4, 5, 6) and W "
      "is float64(3, 4, 3, 3)");
  EXPECT_EQ(error(x, W, b, {.groups = 3}),
            "deconvolution_2d: x.shape[1] must be divisible into 3 groups" + both);
  EXPECT_EQ(error(x, W, b, {.groups = 2}),
            "deconvolution_2d: b must be (6), but W is float64(4, 3, 3, 3) and b is float64(3)");
  EXPECT_EQ(error(x, W, b, {.stride = 2, .outsize = {{13, 13}}}),
            "deconvolution_2d: outsize along axis 2 must be in [10, 12], so that a convolution "
            "gives x.shape[2] places again, unlike 13" +
                both);
  EXPECT_EQ(error(x, W, b, {.stride = 2, .outsize = {{11, 11}}}),
            "deconvolution_2d: outsize along axis 3 must be in [12, 14], so that a convolution "
            "gives x.shape[3] places again, unlike 11" +
                both);
  EXPECT_EQ(
      error(x, W, b, {.pad = 4}),
      "deconvolution_2d: the result must have at least 1 pixel along axis 2, unlike -1" + both);
  EXPECT_EQ(error(x, W, b, {.stride = 0}),
            "deconvolution_2d: stride must be at least 1, but it is (0, 0)");
}

TEST(DepthwiseConvolution2D, GivesEachChannelItsOwnFilters) {
  const Array x = numbers({2, 3, 5, 4}), W = numbers({2, 3, 3, 2}, 1), b = numbers({6}, 2);
  const Variable y = depthwise_convolution_2d(x, W, b, {.stride = 2, .pad = 1});
  EXPECT_EQ(y.shape(), (Shape{2, 6, 3, 3}));
  for (int c = 0; c < 3; ++c)
    for (int m = 0; m < 2; ++m) {
      const Array one = convolution_2d(x.slice(1, c, 1), W.slice(0, m, 1).slice(1, c, 1),
                                       b.slice(0, c * 2 + m, 1), {.stride = 2, .pad = 1})
                            .array();
      expect_near(y.array().slice(1, c * 2 + m, 1).copy(), one, 1e-14);
    }
  expect_derivatives(
      [](const Variables& v) {
        return Variables{depthwise_convolution_2d(v[0], v[1], v[2], {.stride = 2, .pad = 1})};
      },
      {x, W, b});
  EXPECT_EQ(message_of([&] {
              depthwise_convolution_2d(x, numbers({3, 2, 3, 3}));
            }),
            "depthwise_convolution_2d: x.shape[1] must equal W.shape[1], but x is float64(2, 3, 5, "
            "4) and W is float64(3, 2, 3, 3)");
  EXPECT_EQ(message_of([&] { depthwise_convolution_2d(x, W, numbers({2})); }),
            "depthwise_convolution_2d: b must be (6), but W is float64(2, 3, 3, 2) and b is "
            "float64(2)");
  EXPECT_EQ(message_of([&] { depthwise_convolution_2d(x, W, b, {.stride = 0}); }),
            "depthwise_convolution_2d: stride must be at least 1, but it is (0, 0)");
}

TEST(DilatedConvolution2D, IsAConvolution) {
  const Array x = numbers({2, 3, 7, 6}), W = numbers({2, 3, 3, 2}, 1), b = numbers({2}, 2);
  EXPECT_EQ(values(dilated_convolution_2d(x, W, b, {.pad = 1, .dilate = 2})),
            values(convolution_2d(x, W, b, {.pad = 1, .dilate = 2})));
  EXPECT_EQ(message_of([&] { dilated_convolution_2d(x, W, b, {.dilate = 4}); }),
            "dilated_convolution_2d: a filter of 9 must fit into axis 2 of x, which is 7 with its "
            "padding, but x is float64(2, 3, 7, 6) and W is float64(2, 3, 3, 2)");
}

}  // namespace
}  // namespace autograd
