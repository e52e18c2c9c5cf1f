#include "autograd/functions/connection/convolution_nd.h"

#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/connection/convolution.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

// Goes through all places of a box.
void for_each_place(const Shape& box, const std::function<void(const Shape&)>& visit) {
  Shape place = Shape::filled(box.ndim(), 0);
  for (std::int64_t i = 0; i < box.elements(); ++i) {
    std::int64_t rest = i;
    for (int axis = box.ndim(); axis-- > 0; rest /= box[axis]) place[axis] = rest % box[axis];
    visit(place);
  }
}

double at(const Array& a, const Shape& place) {
  std::int64_t index = 0;
  for (int axis = 0; axis < a.ndim(); ++axis) index = index * a.length(axis) + place[axis];
  return a.data<double>()[index];
}

struct ConvolutionSizesND {
  Shape x, W;
  ConvolutionNDOptions options;
  Shape y;
};
const ConvolutionSizesND kConvolutionSizesND[] = {
    {{2, 3, 7}, {4, 3, 3}, {}, {2, 4, 5}},
    {{2, 4, 7}, {2, 2, 2}, {.stride = 2, .pad = 1, .dilate = 3, .groups = 2}, {2, 2, 3}},
    {{2, 2, 5}, {1, 2, 2}, {.stride = 2, .cover_all = true}, {2, 1, 3}},
    {{1, 2, 5, 3}, {3, 2, 2, 3}, {.stride = {2, 1}, .pad = {0, 1}}, {1, 3, 2, 3}},
    {{2, 2, 3, 5, 4}, {3, 2, 2, 3, 1}, {}, {2, 3, 2, 3, 4}},
    {{1, 4, 5, 3, 4},
     {2, 2, 3, 2, 2},
     {.stride = {2, 1, 3}, .pad = {1, 0, 2}, .groups = 2},
     {1, 2, 3, 2, 3}},
    {{1, 1, 5, 4, 3}, {2, 1, 2, 2, 3}, {.pad = 1, .dilate = {3, 2, 1}}, {1, 2, 4, 4, 3}},
    {{1, 2, 4, 3, 4}, {1, 2, 3, 2, 3}, {.stride = 2, .cover_all = true}, {1, 1, 2, 2, 2}},
    {{0, 2, 3, 3, 3}, {2, 2, 2, 2, 2}, {}, {0, 2, 2, 2, 2}},
    {{1, 2, 3, 2, 3, 2}, {2, 2, 2, 2, 1, 2}, {.stride = {1, 1, 2, 1}}, {1, 2, 2, 1, 2, 1}},
};

// What the header of convolution_2d says, along any number of axes.
Array naive(const Array& x, const Array& W, const Array& b, const ConvolutionSizesND& s) {
  const int axes = x.ndim() - 2;
  const Shape stride = s.options.stride.along(axes, "naive", "stride"),
              pad = s.options.pad.along(axes, "naive", "pad"),
              dilate = s.options.dilate.along(axes, "naive", "dilate");
  Array y = Array::zeros(s.y, Dtype::float64);
  double* p = y.mutable_data<double>();
  const std::int64_t channels = W.length(1), outs = W.length(0) / s.options.groups;
  for_each_place(s.y, [&](const Shape& to) {
    *p = b.data<double>()[to[1]];
    for_each_place(W.shape().slice(1, W.ndim()), [&](const Shape& in) {
      Shape from{to[0], to[1] / outs * channels + in[0]}, filter{to[1], in[0]};
      bool inside = true;
      for (int i = 0; i < axes; ++i) {
        from.push_back(to[i + 2] * stride[i] + in[i + 1] * dilate[i] - pad[i]);
        filter.push_back(in[i + 1]);
        inside = inside && from.back() >= 0 && from.back() < x.length(i + 2);
      }
      if (inside) *p += at(W, filter) * at(x, from);
    });
    ++p;
  });
  return y;
}

TEST(ConvolutionND, IsItsFormula) {
  for (const ConvolutionSizesND& s : kConvolutionSizesND) {
    SCOPED_TRACE(&s - kConvolutionSizesND);
    const Array x = numbers(s.x), W = numbers(s.W, 1), b = numbers({s.W[0]}, 2);
    expect_near(convolution_nd(x, W, b, s.options), naive(x, W, b, s), 1e-13);
    expect_near(convolution_nd(x, W, {}, s.options),
                naive(x, W, Array::zeros(b.shape(), Dtype::float64), s), 1e-13);
  }
}

TEST(ConvolutionND, HasDerivatives) {
  for (const ConvolutionSizesND& s : kConvolutionSizesND) {
    SCOPED_TRACE(&s - kConvolutionSizesND);
    const Function f = [&](const Variables& v) {
      return Variables{convolution_nd(v[0], v[1], v[2], s.options)};
    };
    expect_derivatives(f, {numbers(s.x), numbers(s.W, 1), numbers({s.W[0]}, 2)});
  }
}

TEST(ConvolutionND, GoesByTheNumberOfAxes) {
  const Array line = numbers({2, 3, 5}), V = numbers({2, 3, 2}, 1);
  EXPECT_EQ(values(convolution_1d(line, V, {}, {.stride = 2})),
            values(convolution_nd(line, V, {}, {.stride = {2}})));
  const Array box = numbers({1, 2, 3, 4, 3}), W = numbers({2, 2, 2, 2, 2}, 1);
  EXPECT_EQ(values(convolution_3d(box, W)), values(convolution_nd(box, W)));
  const Array picture = numbers({2, 3, 5, 4}), U = numbers({2, 3, 2, 2}, 1);
  EXPECT_EQ(values(convolution_nd(picture, U, {}, {.pad = 1})),
            values(convolution_2d(picture, U, {}, {.pad = 1})));
}

TEST(ConvolutionND, RefusesWhatDoesNotFit) {
  const Array x = numbers({2, 3, 5, 4, 3}), W = numbers({4, 3, 3, 2, 2});
  EXPECT_EQ(message_of([&] { convolution_1d(x, W); }),
            "convolution_1d: x must have 3 axes, but x is float64(2, 3, 5, 4, 3)");
  EXPECT_EQ(message_of([&] { convolution_3d(x.select(4, 0), W); }),
            "convolution_3d: x must have 5 axes, but x is float64(2, 3, 5, 4)");
  EXPECT_EQ(message_of([&] {
              convolution_nd(numbers({2, 3}), numbers({2, 3}));
            }),
            "convolution_nd: x must have at least 3 axes, but x is float64(2, 3)");
  EXPECT_EQ(message_of([&] { convolution_nd(x, W.select(4, 0)); }),
            "convolution_nd: W must have 5 axes, but x is float64(2, 3, 5, 4, 3) and W is "
            "float64(4, 3, 3, 2)");
  EXPECT_EQ(message_of([&] {
              convolution_3d(x, W, {}, {.stride = {1, 2}});
            }),
            "convolution_3d: stride must be one number, or one for each of 3 axes, but it is (1, "
            "2)");
  EXPECT_EQ(message_of([&] {
              convolution_3d(x, W, {}, {.pad = {0, -1, 0}});
            }),
            "convolution_3d: pad must not be negative, but it is (0, -1, 0)");
  EXPECT_EQ(message_of([&] { convolution_3d(x, W, {}, {.dilate = 3}); }),
            "convolution_3d: a filter of 7 must fit into axis 2 of x, which is 5 with its padding, "
            "but x is float64(2, 3, 5, 4, 3) and W is float64(4, 3, 3, 2, 2)");
  EXPECT_EQ(message_of([&] { convolution_3d(x, W, numbers({3})); }),
            "convolution_3d: b must be (4), but W is float64(4, 3, 3, 2, 2) and b is float64(3)");
}

struct DeconvolutionSizesND {
  Shape x, W;
  DeconvolutionNDOptions options;
  Shape y;
  bool cover_all = false;  // what the convolution back needs
};
const DeconvolutionSizesND kDeconvolutionSizesND[] = {
    {{2, 3, 4}, {3, 2, 3}, {}, {2, 2, 6}},
    {{2, 4, 4}, {4, 1, 2}, {.stride = 3, .pad = 1, .outsize = 11, .groups = 2}, {2, 2, 11}},
    {{2, 2, 3}, {2, 3, 3}, {.stride = 2, .outsize = 6, .dilate = 1}, {2, 3, 6}, true},
    {{1, 2, 3, 2}, {2, 3, 2, 3}, {.stride = {2, 1}, .pad = {1, 0}}, {1, 3, 4, 4}},
    {{2, 3, 2, 3, 2}, {3, 2, 2, 1, 3}, {}, {2, 2, 3, 3, 4}},
    {{1, 4, 2, 3, 2},
     {4, 2, 3, 2, 2},
     {.stride = {2, 1, 3}, .pad = {1, 0, 1}, .groups = 2},
     {1, 4, 3, 4, 3}},
    {{1, 2, 2, 2, 3}, {2, 1, 2, 3, 2}, {.dilate = {3, 1, 2}}, {1, 1, 5, 4, 5}},
    {{1, 2, 2, 2, 2}, {2, 2, 3, 2, 2}, {.stride = 2, .outsize = {{6, 5, 4}}}, {1, 2, 6, 5, 4}},
    {{0, 2, 2, 2, 2}, {2, 3, 2, 2, 2}, {}, {0, 3, 3, 3, 3}},
};

TEST(DeconvolutionND, HasDerivativesAndIsTheTransposedConvolution) {
  for (const auto& s : kDeconvolutionSizesND) {
    SCOPED_TRACE(&s - kDeconvolutionSizesND);
    const Array x = numbers(s.x), W = numbers(s.W, 1), b = numbers({s.y[1]}, 2);
    const Variable y = deconvolution_nd(x, W, {}, s.options);
    EXPECT_EQ(y.shape(), s.y);
    Shape along_channels = Shape::filled(s.y.ndim() - 1, 1);
    along_channels[0] = s.y[1];
    expect_near(deconvolution_nd(x, W, b, s.options), y + Variable(b.reshape(along_channels)),
                1e-14);
    const Function f = [&](const Variables& v) {
      return Variables{deconvolution_nd(v[0], v[1], v[2], s.options)};
    };
    expect_derivatives(f, {x, W, b});
    const Array image = numbers(s.y, 3);
    const Variable there = convolution_nd(image, W, {},
                                          {.stride = s.options.stride,
                                           .pad = s.options.pad,
                                           .cover_all = s.cover_all,
                                           .dilate = s.options.dilate,
                                           .groups = s.options.groups});
    ASSERT_EQ(there.shape(), s.x);
    EXPECT_NEAR(sum(there * Variable(x)).item(), sum(y * Variable(image)).item(), 1e-12);
  }
}

TEST(DeconvolutionND, GoesByTheNumberOfAxes) {
  const Array line = numbers({2, 3, 5}), V = numbers({3, 2, 2}, 1);
  EXPECT_EQ(values(deconvolution_1d(line, V, {}, {.stride = 2, .outsize = 10})),
            values(deconvolution_nd(line, V, {}, {.stride = 2, .outsize = {{10}}})));
  const Array box = numbers({1, 2, 3, 4, 3}), W = numbers({2, 2, 2, 2, 2}, 1);
  EXPECT_EQ(values(deconvolution_3d(box, W)), values(deconvolution_nd(box, W)));
  EXPECT_EQ(message_of([&] { deconvolution_1d(box, W); }),
            "deconvolution_1d: x must have 3 axes, but x is float64(1, 2, 3, 4, 3)");
  EXPECT_EQ(message_of([&] {
              deconvolution_3d(box, W, {}, {.outsize = {{4, 5}}});
            }),
            "deconvolution_3d: outsize must be one number, or one for each of 3 axes, but it is "
            "(4, 5)");
  EXPECT_EQ(message_of([&] {
              deconvolution_3d(box, W, {}, {.stride = 2, .outsize = {{6, 8, 8}}});
            }),
            "deconvolution_3d: outsize along axis 4 must be in [5, 7], so that a convolution gives "
            "x.shape[4] places again, unlike 8, but x is float64(1, 2, 3, 4, 3) and W is "
            "float64(2, 2, 2, 2, 2)");
  EXPECT_EQ(message_of([&] { deconvolution_3d(box, W, {}, {.pad = 2}); }),
            "deconvolution_3d: the result must have at least 1 pixel along axis 2, unlike 0, but x "
            "is float64(1, 2, 3, 4, 3) and W is float64(2, 2, 2, 2, 2)");
}

TEST(LocalConvolution2D, HasFiltersOfItsOwnAtEachPlace) {
  // One filter of 1 x 2 for each of the 2 x 2 places.
  const Array image = Array::of<double>({1, 2, 3, 4, 5, 6}, Shape{1, 1, 2, 3});
  const Array filters = Array::of<double>({1, 10, 2, 20, 3, 30, 4, 40}, Shape{1, 2, 2, 1, 1, 2});
  EXPECT_THAT(values(local_convolution_2d(image, filters)), ElementsAre(21, 64, 162, 260));
  EXPECT_THAT(
      values(local_convolution_2d(image, filters, Array::of<double>({1, 2, 3, 4}, Shape{1, 2, 2}))),
      ElementsAre(22, 66, 165, 264));
}

TEST(LocalConvolution2D, IsAConvolutionIfAllFiltersAreEqual) {
  const Array x = numbers({2, 3, 7, 5}), W = numbers({4, 3, 3, 2}, 1);
  const Array everywhere = W.reshape({4, 1, 1, 3, 3, 2}).broadcast_to({4, 3, 2, 3, 3, 2}).copy();
  expect_near(local_convolution_2d(x, everywhere, {}, {2, 3}),
              convolution_2d(x, W, {}, {.stride = {2, 3}}), 1e-14);
}

TEST(LocalConvolution2D, HasDerivatives) {
  for (const auto& [x, W, stride] :
       {std::tuple{Shape{2, 3, 4, 3}, Shape{2, 3, 2, 3, 2, 2}, HeightWidth(1)},
        std::tuple{Shape{1, 2, 6, 5}, Shape{3, 2, 2, 2, 3, 1}, HeightWidth(2, 3)},
        std::tuple{Shape{0, 2, 3, 3}, Shape{1, 2, 2, 2, 2, 2}, HeightWidth(1)}}) {
    const Function f = [stride = stride](const Variables& v) {
      return Variables{local_convolution_2d(v[0], v[1], v[2], stride)};
    };
    expect_derivatives(f, {numbers(x), numbers(W, 1), numbers(W.slice(0, 3), 2)});
  }
}

TEST(LocalConvolution2D, RefusesWhatDoesNotFit) {
  const Array x = numbers({2, 3, 4, 4}), W = numbers({2, 3, 3, 3, 2, 2}), b = numbers({2, 3, 3});
  const std::string both = ", but x is float64(2, 3, 4, 4) and W is float64(2, 3, 3, 3, 2, 2)";
  EXPECT_EQ(message_of([&] { local_convolution_2d(x.select(0, 0), W); }),
            "local_convolution_2d: x must have 4 axes, but x is float64(3, 4, 4)");
  EXPECT_EQ(message_of([&] { local_convolution_2d(x, W.select(0, 0)); }),
            "local_convolution_2d: W must have 6 axes, but W is float64(3, 3, 3, 2, 2)");
  EXPECT_EQ(message_of([&] { local_convolution_2d(x, W.astype(Dtype::float32)); }),
            "local_convolution_2d: all arguments must have one dtype, but x is float64(2, 3, 4, 4) "
            "and W is float32(2, 3, 3, 3, 2, 2)");
  EXPECT_EQ(message_of([&] { local_convolution_2d(x.slice(1, 0, 2), W); }),
            "local_convolution_2d: x.shape[1] must equal W.shape[3], but x is float64(2, 2, 4, 4) "
            "and W is float64(2, 3, 3, 3, 2, 2)");
  EXPECT_EQ(message_of([&] { local_convolution_2d(x, W, b, 2); }),
            "local_convolution_2d: x must have an output position for each of the W.shape[1] x "
            "W.shape[2] filters" +
                both);
  EXPECT_EQ(message_of([&] { local_convolution_2d(x, W, b, 0); }),
            "local_convolution_2d: stride must be at least 1, but it is (0, 0)");
  EXPECT_EQ(message_of([&] {
              local_convolution_2d(x, W, numbers({2, 3, 2}));
            }),
            "local_convolution_2d: b must have W's dtype and the shape W.shape[:3], but W is "
            "float64(2, 3, 3, 3, 2, 2) and b is float64(2, 3, 2)");
}

}  // namespace
}  // namespace autograd
