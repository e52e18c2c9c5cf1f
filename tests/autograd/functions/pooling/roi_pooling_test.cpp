#include "autograd/functions/pooling/roi_pooling.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;

// 4 x 5 pixels: row times 10 plus column.
const Array kImage = matrix(
    {1, 1, 4, 5}, {0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 30, 31, 32, 33, 34});
const Array kFirst = indices({0});

TEST(RoiPooling2D, TakesTheMaximumOfPixels) {
  // Columns 1 to 3 and rows 0 to 2, both ends included; bins of 1.5 pixels overlap.
  EXPECT_THAT(values(roi_pooling_2d(kImage, matrix({1, 5}, {0, 1, 0, 3, 2}), 2, 2, 1)),
              ElementsAre(12, 13, 22, 23));
  // Half-way numbers are rounded to the even one: 0.5 to 0, 1.5 to 2.
  EXPECT_THAT(values(roi_pooling_2d(kImage, matrix({1, 5}, {0, 1, 1, 3, 3}), 1, 1, 0.5)),
              ElementsAre(22));
  EXPECT_THAT(values(roi_pooling_2d(kImage, matrix({1, 5}, {0, 7, 0, 9, 2}), 1, 1, 1)),
              ElementsAre(0));
}

TEST(RoiMaxPooling2D, TakesRegionsWithoutTheirEnds) {
  EXPECT_THAT(values(roi_max_pooling_2d(kImage, matrix({1, 4}, {0, 1, 2, 3}), kFirst, {2, 1}, 1)),
              ElementsAre(2, 12));
  EXPECT_THAT(values(roi_max_pooling_2d(kImage, matrix({1, 4}, {0, 7, 2, 9}), kFirst, 1, 1)),
              ElementsAre(-kInf));
  EXPECT_EQ(shape_of(roi_max_pooling_2d(kImage, numbers({0, 4}), indices({}), {2, 3}, 1)),
            "(0, 1, 2, 3)");
}

TEST(RoiAveragePooling2D, TakesTheMeanOfPixels) {
  EXPECT_THAT(values(roi_average_pooling_2d(kImage, matrix({1, 4}, {0, 1, 2, 3}), kFirst, 1, 1)),
              ElementsAre(DoubleNear(6.5, 1e-14)));
  EXPECT_THAT(values(roi_average_pooling_2d(kImage, matrix({1, 4}, {0, 7, 2, 9}), kFirst, 1, 1)),
              ElementsAre(0));
}

TEST(RoiAlign2D, SamplesBetweenPixels) {
  // One sample in the middle of each bin.
  EXPECT_THAT(
      values(roi_average_align_2d(kImage, matrix({1, 4}, {0.5, 1, 2.5, 3}), kFirst, {1, 2}, 1, 1)),
      ElementsAre(DoubleNear(16.5, 1e-14), DoubleNear(17.5, 1e-14)));
  // The plane is linear, so the mean of 2 x 3 samples is its middle; the maximum is a corner.
  const Array region = matrix({1, 4}, {0.5, 1, 2.5, 4});
  EXPECT_THAT(values(roi_average_align_2d(kImage, region, kFirst, 1, 1, {2, 3})),
              ElementsAre(DoubleNear(17.5, 1e-14)));
  EXPECT_THAT(values(roi_max_align_2d(kImage, region, kFirst, 1, 1, {2, 3})),
              ElementsAre(DoubleNear(23.5, 1e-14)));
  // Without a ratio as many as the region has pixels: also 2 x 3.
  EXPECT_THAT(values(roi_max_align_2d(kImage, region, kFirst, 1, 1)),
              ElementsAre(DoubleNear(23.5, 1e-14)));
}

TEST(RoiAlign2D, HasTheBordersValueOnePixelOutsideAndNothingBeyond) {
  // Samples at columns -1, 0, 1, 2 of row 0.
  EXPECT_THAT(values(roi_average_align_2d(kImage, matrix({1, 4}, {-0.5, -1.5, 0.5, 2.5}), kFirst,
                                          {1, 4}, 1, 1)),
              ElementsAre(0, 0, 1, 2));
  // Of the samples at -2, -1, 0 and 1 the first is none, but counts.
  const Array region = matrix({1, 4}, {-0.5, -2.5, 0.5, 1.5});
  EXPECT_THAT(values(roi_average_align_2d(kImage + 8, region, kFirst, 1, 1, {1, 4})),
              ElementsAre(DoubleNear((0 + 8 + 8 + 9) / 4.0, 1e-14)));
  EXPECT_THAT(values(roi_max_align_2d(kImage, matrix({1, 4}, {0, 9, 1, 12}), kFirst, 1, 1, 2)),
              ElementsAre(-kInf));
  // Much larger than the image: a sample for each pixel, of which few are in it.
  EXPECT_THAT(values(roi_average_align_2d(kImage, matrix({1, 4}, {-1e12, -1e12, 1e12, 1e12}),
                                          kFirst, 1, 1)),
              ElementsAre(DoubleNear(0, 1e-10)));
}

const Array kRois = matrix({3, 4}, {0.3, 0.4, 3.2, 4.7, 1.2, -0.8, 4.4, 2.9, 0.1, 1.3, 2.2, 3.1});
const Array kImages = indices({1, 0, 1});

TEST(RoiPooling2D, HasDerivatives) {
  const Array x = numbers({2, 2, 4, 5});
  const auto expect = [&](const auto& f) {
    expect_derivatives([&](const Variables& v) { return Variables{f(v[0])}; }, {x});
  };
  expect([](const Variable& v) { return roi_max_pooling_2d(v, kRois, kImages, {2, 3}, 1); });
  expect([](const Variable& v) { return roi_average_pooling_2d(v, kRois, kImages, {2, 3}, 0.8); });
  expect([](const Variable& v) { return roi_max_align_2d(v, kRois, kImages, 2, 1, {2, None}); });
  expect([](const Variable& v) { return roi_average_align_2d(v, kRois, kImages, {3, 2}, 0.9); });
  expect([](const Variable& v) {
    return roi_pooling_2d(v, matrix({2, 5}, {1, 0, 0, 3, 2, 0, 2, 1, 4, 3}), 2, 2, 1);
  });
}

// The first of equal pixels, and none of an empty bin.
TEST(RoiPooling2D, GivesTheGradientToTheFirstMaximum) {
  const Variable x(Array::ones({1, 1, 2, 2}, Dtype::float64));
  const Array rois = matrix({2, 4}, {0, 0, 2, 2, 9, 9, 9, 9});
  const Variable y = roi_max_pooling_2d(x, rois, indices({0, 0}), 1, 1);
  const Variables g = grad({y}, {x}, {.grad_outputs = {Variable(matrix({2, 1, 1, 1}, {5, 7}))}});
  EXPECT_THAT(values(g[0]), ElementsAre(5, 0, 0, 0));
}

TEST(RoiPooling2D, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              roi_max_pooling_2d(kImage, numbers({1, 5}), kFirst, 1, 1);
            }),
            "roi_max_pooling_2d: rois must hold floats (regions, 4), but x is float64(1, 1, 4, 5) "
            "and rois is float64(1, 5)");
  EXPECT_EQ(message_of([] {
              roi_max_align_2d(kImage, kRois, indices({0, 1, 0}), 1, 1);
            }),
            "roi_max_align_2d: labels must lie between 0 and 0, but there is 1");
  EXPECT_EQ(message_of([] {
              roi_average_pooling_2d(kImage, numbers({1, 4}), kFirst, 0, 1);
            }),
            "roi_average_pooling_2d: outsize must be at least 1, but it is (0, 0)");
  EXPECT_EQ(message_of([] {
              roi_average_align_2d(kImage, numbers({1, 4}), kFirst, 1, 0);
            }),
            "roi_average_align_2d: spatial_scale must be positive, but it is 0");
  EXPECT_EQ(message_of([] {
              roi_average_align_2d(kImage, numbers({1, 4}), kFirst, 1, 1, 0);
            }),
            "roi_average_align_2d: sampling_ratio must lie in [1, 65536], but it is 0");
  EXPECT_EQ(message_of([] {
              roi_pooling_2d(kImage, matrix({1, 5}, {1, 0, 0, 1, 1}), 1, 1, 1);
            }),
            "roi_pooling_2d: the image of a region must lie in [0, 1), but one is 1");
  EXPECT_EQ(
      message_of([] {
        roi_pooling_2d(kImage, matrix({1, 5}, {0, 0, kInf, 1, 1}), 1, 1, 1);
      }),
      "roi_pooling_2d: rois must hold finite numbers only, but x is float64(1, 1, 4, 5) and rois "
      "is float64(1, 5)");
}

}  // namespace
}  // namespace autograd
