#include "autograd/functions/pooling/pooling.h"

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/testing/gradient_check.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

// (1, 1, 3, 4)
const Array kPixels = Array::of<double>({1, 2, 3, 4, 8, 7, 6, 5, 9, 10, 11, 12}, Shape{1, 1, 3, 4});

TEST(MaxPooling2D, TakesTheGreatestPixel) {
  EXPECT_THAT(values(max_pooling_2d(kPixels, 2)), ElementsAre(8, 6, 10, 12));
  EXPECT_THAT(values(max_pooling_2d(kPixels, 2, {.cover_all = false})), ElementsAre(8, 6));
  EXPECT_THAT(values(max_pooling_2d(kPixels, {1, 3}, {.stride = 1, .cover_all = false})),
              ElementsAre(3, 4, 8, 7, 11, 12));
  EXPECT_THAT(values(max_pooling_2d(kPixels, 2, {.pad = {1, 0}, .cover_all = false})),
              ElementsAre(2, 4, 10, 12));
  const auto [y, indices] = max_pooling_2d_with_indices(kPixels, 2);
  EXPECT_THAT(values(y), ElementsAre(8, 6, 10, 12));
  EXPECT_EQ(indices.dtype(), Dtype::int64);
  EXPECT_THAT(values(indices), ElementsAre(2, 2, 1, 1));
}

TEST(MaxPooling2D, GivesTheGradientToTheFirstOfEquals) {
  const Variable x(Array::of<double>({5, 5, 5, 5}, Shape{1, 1, 2, 2}));
  max_pooling_2d(x, 2).backward();
  EXPECT_THAT(values(x.grad()), ElementsAre(1, 0, 0, 0));
}

TEST(AveragePooling2D, CountsThePaddingAsZeros) {
  EXPECT_THAT(values(average_pooling_2d(kPixels, 2)), ElementsAre(4.5, 4.5));
  EXPECT_THAT(values(average_pooling_2d(kPixels, 2, {.pad = {1, 0}})),
              ElementsAre(0.75, 1.75, 8.5, 8.5));
}

TEST(Unpooling2D, FillsTheWindows) {
  const Array x = Array::of<double>({1, 2}, Shape{1, 1, 1, 2});
  EXPECT_THAT(values(unpooling_2d(x, 2, {.cover_all = false})),
              ElementsAre(1, 1, 2, 2, 1, 1, 2, 2));
  const Variable covered = unpooling_2d(x, 2);
  EXPECT_EQ(covered.shape(), (Shape{1, 1, 1, 3}));
  EXPECT_THAT(values(covered), ElementsAre(1, 1, 2));
  EXPECT_THAT(values(unpooling_2d(x, {1, 3}, {.stride = {{1, 2}}, .cover_all = false})),
              ElementsAre(1, 1, 3, 2, 2));
  EXPECT_THAT(values(unpooling_2d(x, 2, {.outsize = {{1, 3}}})), ElementsAre(1, 1, 2));
}

TEST(Upsampling2D, PutsPixelsBack) {
  const auto [y, indices] = max_pooling_2d_with_indices(kPixels, 2);
  EXPECT_THAT(values(upsampling_2d(y, indices, 2, {.outsize = {{3, 4}}})),
              ElementsAre(0, 0, 0, 0, 8, 0, 6, 0, 0, 10, 0, 12));
  EXPECT_THAT(values(upsampling_2d(y, indices.astype(Dtype::int32), 2, {.cover_all = false})),
              ElementsAre(0, 0, 0, 0, 8, 0, 6, 0, 0, 10, 0, 12, 0, 0, 0, 0));
}

TEST(SpatialPyramidPooling2D, GivesVectorsOfOneLength) {
  const Variable y = spatial_pyramid_pooling_2d(kPixels, 2);
  EXPECT_EQ(y.shape(), (Shape{1, 5, 1, 1}));
  EXPECT_THAT(values(y), ElementsAre(12, 8, 6, 10, 12));
  EXPECT_EQ(spatial_pyramid_pooling_2d(numbers({2, 3, 8, 11}), 3).shape(), (Shape{2, 63, 1, 1}));
  expect_derivatives(
      [](const Variables& x) { return Variables{spatial_pyramid_pooling_2d(x[0], 3)}; },
      {numbers({2, 3, 8, 8})});
  EXPECT_EQ(message_of([] { spatial_pyramid_pooling_2d(kPixels, 0); }),
            "spatial_pyramid_pooling_2d: pyramid_height must be in [1, 30], but it is 0");
  EXPECT_EQ(
      message_of([] { spatial_pyramid_pooling_2d(kPixels.slice(2, 0, 0), 1); }),
      "spatial_pyramid_pooling_2d: the images must not be empty, but x is float64(1, 1, 0, 4)");
}

TEST(Pooling, HaveDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{max_pooling_2d(x[0], 2),
                         max_pooling_2d(x[0], 3, {.stride = 2, .pad = 1, .cover_all = false}),
                         max_pooling_2d(x[0], {3, 2}, {.stride = 1})};
      },
      [](const Variables& x) {
        return Variables{average_pooling_2d(x[0], 2),
                         average_pooling_2d(x[0], 3, {.stride = 2, .pad = 1}),
                         average_pooling_2d(x[0], {3, 2}, {.stride = {{2, 3}}})};
      },
      [](const Variables& x) {
        return Variables{unpooling_2d(x[0], 2), unpooling_2d(x[0], 2, {.cover_all = false}),
                         unpooling_2d(x[0], {3, 2}, {.stride = 2, .pad = 1}),
                         unpooling_2d(x[0], 2, {.stride = 3, .cover_all = false})};
      },
      [](const Variables& x) {
        const auto [y, indices] = max_pooling_2d_with_indices(x[0], 3, {.stride = 2, .pad = 1});
        return Variables{upsampling_2d(y * y, indices, 3, {.stride = 2, .pad = 1})};
      },
  };
  for (const Function& f : functions) {
    SCOPED_TRACE(&f - functions);
    EXPECT_NO_THROW(testing::check_function({.f = f, .x = {numbers({2, 3, 5, 7})}}));
    expect_derivatives(f, {numbers({0, 3, 5, 7})});
    expect_derivatives(f, {numbers({2, 0, 5, 7})});
  }
}

TEST(Pooling, SaysWhatIsWrong) {
  const Array flat = numbers({3, 4}), whole = Array::zeros({1, 1, 3, 4}, Dtype::int32);
  EXPECT_EQ(message_of([&] { max_pooling_2d(flat, 2); }),
            "max_pooling_2d: x must have 4 axes, but x is float64(3, 4)");
  EXPECT_EQ(message_of([&] { average_pooling_2d(whole, 2); }),
            "average_pooling_2d: x must be float32 or float64, but x is int32(1, 1, 3, 4)");
  EXPECT_EQ(message_of([] {
              max_pooling_2d(kPixels, {2, 5}, {.stride = 1});
            }),
            "max_pooling_2d: a window of 2 x 5 must fit into the image with its padding, but x is "
            "float64(1, 1, 3, 4)");
  EXPECT_EQ(message_of([] { average_pooling_2d(kPixels, 4); }),
            "average_pooling_2d: a window of 4 x 4 must fit into the image with its padding, but x "
            "is float64(1, 1, 3, 4)");
  EXPECT_EQ(message_of([] { max_pooling_2d(kPixels, 0); }),
            "max_pooling_2d: ksize and stride must be at least 1 and pad at least 0, but they are "
            "0, 0 and 0");
  EXPECT_EQ(message_of([] {
              unpooling_2d(kPixels, 2, {.stride = {{1, 0}}});
            }),
            "unpooling_2d: ksize and stride must be at least 1 and pad at least 0, but they are 2, "
            "0 and 0");
  EXPECT_EQ(message_of([] { average_pooling_2d(kPixels, 2, {.pad = -1}); }),
            "average_pooling_2d: ksize and stride must be at least 1 and pad at least 0, but they "
            "are 2, 2 and -1");
  EXPECT_EQ(message_of([] {
              unpooling_2d(kPixels, 2, {.outsize = {{7, 8}}});
            }),
            "unpooling_2d: outsize must be the size of an image that has as many windows as x has "
            "pixels, unlike 7 x 8, but x is float64(1, 1, 3, 4)");
  EXPECT_EQ(
      message_of([] { unpooling_2d(kPixels, 1, {.pad = 2}); }),
      "unpooling_2d: the result must not have a negative size, and it would be -1 x 0, but x is "
      "float64(1, 1, 3, 4)");
  EXPECT_EQ(message_of([&] { upsampling_2d(kPixels, whole.slice(2, 0, 2), 2); }),
            "upsampling_2d: all arguments must have one shape, but x is float64(1, 1, 3, 4) and "
            "indices is int32(1, 1, 2, 4)");
  EXPECT_EQ(message_of([] { upsampling_2d(kPixels, kPixels, 2); }),
            "upsampling_2d: the indices must be integers, but x is float64(1, 1, 3, 4) and indices "
            "is float64(1, 1, 3, 4)");
  EXPECT_EQ(message_of([] { upsampling_2d(kPixels, kPixels.astype(Dtype::int64), 2); }),
            "upsampling_2d: each index must lie in [0, 4), but one is 12");
}

TEST(Pooling, UnpoolsToASizeOfZero) {
  const Function each[] = {
      [](const Variables& v) {
        return Variables{unpooling_2d(v[0], {1, 2}, {.pad = {2, 0}})};
      },
      [](const Variables& v) {
        return Variables{unpooling_2d(v[0], 1, {.pad = {2, 0}, .outsize = {{0, 4}}})};
      },
      [](const Variables& v) {
        return Variables{upsampling_2d(v[0], Array::zeros({1, 1, 4, 4}, Dtype::int32), 1,
                                       {.pad = {2, 0}, .outsize = {{0, 4}}})};
      }};
  for (const Function& f : each) {
    const Variable x(numbers({1, 1, 4, 4})), y = f({x})[0];
    EXPECT_EQ(y.length(2), 0);
    EXPECT_EQ(values(grad({sum(y)}, {x})[0]), std::vector<double>(16, 0));
  }
  EXPECT_EQ(shape_of(unpooling_2d(numbers({1, 2, 0, 0}), 2, {.cover_all = false})), "(1, 2, 0, 0)");
}

}  // namespace
}  // namespace autograd
