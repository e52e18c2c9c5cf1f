#include "examples/vae_lab/codes.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "autograd/autograd.h"

namespace vae::lab {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Shape;
using autograd::Variable;
using testing::ElementsAre;
using Numbers = std::vector<std::int64_t>;

// x is its own code; a code's image is twice the code.
Codec twice() {
  return {
      [](const Variable& x) { return std::pair(x, Variable(Array::zeros(x.shape(), x.dtype()))); },
      [](const Variable& z) { return z * 2; }};
}

TEST(Codec, EncodesAndDecodesRowByRow) {
  std::vector<float> values(1203 * 3);  // more than two batches
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  const Array x = Array::from(std::span<const float>(values), Shape{1203, 3});
  const std::vector<Code> codes = twice().encode(x);
  ASSERT_EQ(codes.size(), 1203u);
  EXPECT_EQ(codes[0], (Code{0, 1, 2}));
  EXPECT_EQ(codes[1202], (Code{3606, 3607, 3608}));
  EXPECT_TRUE(array_equal(twice().decode(codes), (Variable(x) * 2).array()));
}

TEST(Codec, RunsInTestModeAndWithoutAGraph) {
  bool train = true;
  const Codec codec({[&](const Variable& x) {
                       train = autograd::config().train;
                       return std::pair(x, x);
                     },
                     [&](const Variable& z) {
                       EXPECT_FALSE(autograd::config().train);
                       const Variable y = z * 2;
                       EXPECT_FALSE(y.creator());
                       return y;
                     }});
  codec.decode(codec.encode(Array::zeros({1, 2}, Dtype::float32)));
  EXPECT_FALSE(train);
}

// Units with the variances 1, 4 and 0 around large means; ln_var is 0, so KL is mu^2 / 2.
TEST(Codec, SortsUnitsByTheirDivergence) {
  const Array x = Array::of<float>({1001, 2, 3,  //
                                    999, -2, 3},
                                   Shape{2, 3});
  const auto units = twice().most_active(x, 5);
  ASSERT_EQ(units.size(), 3u);
  EXPECT_EQ(units[0].index, 0);
  EXPECT_EQ(units[1].index, 2);
  EXPECT_EQ(units[2].index, 1);
  EXPECT_DOUBLE_EQ(units[0].variance, 1);
  EXPECT_DOUBLE_EQ(units[1].variance, 0);
  EXPECT_DOUBLE_EQ(units[2].variance, 4);
  EXPECT_DOUBLE_EQ(units[0].kl, (1001. * 1001 + 999. * 999) / 4);
  EXPECT_DOUBLE_EQ(units[1].kl, 4.5);
  EXPECT_DOUBLE_EQ(units[2].kl, 2);
  EXPECT_EQ(twice().most_active(x, 2).size(), 2u);
}

TEST(Codec, PutsUnitsThatAreNotNumbersLast) {
  const Array x = Array::of<float>({NAN, 2, NAN, 1}, Shape{2, 2});
  const auto units = twice().most_active(x, 2);
  EXPECT_EQ(units[0].index, 1);
  EXPECT_EQ(units[1].variance, 0);
}

ImageSet set_of(std::vector<float> pixels, std::vector<int> labels, int classes) {
  const auto n = static_cast<std::int64_t>(pixels.size());
  ImageSet images;
  images.test = Array::from(std::span<const float>(pixels), Shape{n, 1});
  images.height = images.width = 1;
  if (!labels.empty()) images.test_labels = Array::from(std::span<const int>(labels));
  images.classes = classes;
  return images;
}

TEST(ImagesToShow, AreTheFirstOfEachClass) {
  const ImageSet set = set_of({0, 0, 0, 0, 0, 0}, {2, 0, 2, 2, 0, 3}, 5);
  EXPECT_EQ(images_to_show(set, 10, 1), (Numbers{1, 0, 5}));
  EXPECT_EQ(images_to_show(set, 2, 1), (Numbers{1, 0}));
  EXPECT_EQ(images_to_show(set, 10, 2), (Numbers{1, 4, 0, 2}));
}

TEST(ImagesToShow, AreTheFirstOfAllWithoutLabels) {
  EXPECT_EQ(images_to_show(set_of({0, 0, 0}, {}, 0), 2, 1), (Numbers{0, 1}));
  EXPECT_EQ(images_to_show(set_of({0, 0, 0}, {}, 0), 2, 2), (Numbers{0, 1, 2}));
  EXPECT_EQ(typical_images(set_of({0, 0, 0}, {}, 0), 2), (Numbers{0, 1}));
}

// Class 0 has the mean 3, class 2 the mean 10.
TEST(TypicalImages, AreNearestToTheMeanOfTheirClass) {
  const ImageSet set = set_of({0, 2, 7, 10, 10}, {0, 0, 0, 2, 2}, 3);
  EXPECT_EQ(typical_images(set, 10), (Numbers{1, 3}));
  EXPECT_EQ(typical_images(set, 1), (Numbers{1}));
}

TEST(Codes, BetweenTwo) {
  EXPECT_EQ(between({0, 1}, {4, 3}, 0), (Code{0, 1}));
  EXPECT_EQ(between({0, 1}, {4, 3}, .25), (Code{1, 1.5}));
  EXPECT_EQ(between({0, 1}, {4, 3}, 1), (Code{4, 3}));
}

TEST(Codes, SpreadOverAnInterval) {
  EXPECT_THAT(spread(-3, 3, 5), ElementsAre(-3, -1.5, 0, 1.5, 3));
  EXPECT_THAT(spread(-2, 2, 1), ElementsAre(-2));
}

TEST(Codes, OfATraversalDifferInOneUnit) {
  const std::vector<double> values{-3, 0, 3};
  EXPECT_THAT(traversal({.5, .25, .125}, 1, values),
              ElementsAre(Code{.5, -3, .125}, Code{.5, 0, .125}, Code{.5, 3, .125}));
}

TEST(Codes, OfAMapGrowToTheRightAndUpwards) {
  EXPECT_THAT(map_of(std::vector<double>{-2, 2}),
              ElementsAre(Code{-2, 2}, Code{2, 2}, Code{-2, -2}, Code{2, -2}));
}

TEST(ClassMeans, LeaveOutEmptyClasses) {
  const std::vector<Code> codes{{1, 10}, {3, 20}, {5, 6}};
  EXPECT_THAT(class_means(codes, std::vector<int>{2, 2, 0}, 4),
              ElementsAre(Code{5, 6}, Code{}, Code{2, 15}, Code{}));
}

TEST(Rows, AreCopied) {
  Array x = Array::of<float>({1, 2, 3, 4, 5, 6}, Shape{3, 2});
  const Array y = vae::rows(x, Numbers{2, 0, 2});
  x.fill(0);
  EXPECT_TRUE(array_equal(y, Array::of<float>({5, 6, 1, 2, 5, 6}, Shape{3, 2})));
}

}  // namespace
}  // namespace vae::lab
