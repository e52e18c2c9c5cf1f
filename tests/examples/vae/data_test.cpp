#include "examples/vae/data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "autograd/base/random.h"
#include "nn/datasets/idx.h"
#include "tests/folder.h"

namespace vae {
namespace {

using autograd::Array;
using autograd::Dtype;

TEST(Data, OfTheDigitsHaveTheirLabels) {
  const ImageSet images = load_images("digits", false, false);
  EXPECT_EQ(describe(images.train), "float32(1500, 64)");
  EXPECT_EQ(describe(images.test), "float32(297, 64)");
  ASSERT_TRUE(images.train_labels && images.test_labels);
  EXPECT_EQ(describe(*images.train_labels), "int32(1500)");
  EXPECT_EQ(describe(*images.test_labels), "int32(297)");
  EXPECT_EQ(images.classes, 10);
  const auto labels = images.train_labels->to_vector<int>();
  for (int digit = 0; digit < 10; ++digit)
    EXPECT_GT(std::count(labels.begin(), labels.end(), digit), 100) << digit;
}

TEST(Data, OfATinySetHaveTheFirstLabels) {
  const ImageSet all = load_images("digits", false, false),
                 tiny = load_images("digits", false, true);
  EXPECT_EQ(tiny.train.length(0), 100);
  EXPECT_TRUE(array_equal(*tiny.train_labels, all.train_labels->slice(0, 0, 100)));
  EXPECT_TRUE(array_equal(*tiny.test_labels, all.test_labels->slice(0, 0, 100)));
  EXPECT_EQ(tiny.classes, 10);
}

TEST(Data, OfAFolderHaveLabelsWhereBothFilesAreThere) {
  const Folder folder;
  const auto write = [&](const std::string& name, const Array& array) {
    nn::datasets::write_idx(folder / name, array);
  };
  write(nn::datasets::kIdxTrain.images, Array::zeros({3, 8, 8}, Dtype::uint8));
  write(nn::datasets::kIdxTest.images, Array::zeros({2, 8, 8}, Dtype::uint8));
  EXPECT_FALSE(load_images(folder / "", false, false).train_labels);
  write(nn::datasets::kIdxTrain.labels, Array::of<std::uint8_t>({0, 4, 1}));
  EXPECT_FALSE(load_images(folder / "", false, false).train_labels);
  EXPECT_EQ(load_images(folder / "", false, false).classes, 0);

  write(std::string(nn::datasets::kIdxTest.labels) + ".gz", Array::of<std::uint8_t>({6, 0}));
  const ImageSet images = load_images(folder / "", false, false);
  ASSERT_TRUE(images.train_labels && images.test_labels);
  EXPECT_EQ(images.train_labels->to_vector<int>(), (std::vector<int>{0, 4, 1}));
  EXPECT_EQ(images.test_labels->to_vector<int>(), (std::vector<int>{6, 0}));
  EXPECT_EQ(images.classes, 7);  // that no image has the label 5 does not matter
}

TEST(Data, OfBlackAndWhitePixelsAreDrawnWithTheGreyLevelsAsProbabilities) {
  const ImageSet grey = load_images("digits", false, false), drawn = drawn_once(grey);
  for (const auto& [x, y] :
       {std::pair(grey.train, drawn.train), std::pair(grey.test, drawn.test)}) {
    EXPECT_EQ(describe(y), describe(x));
    const auto levels = x.to_vector<double>(), pixels = y.to_vector<double>();
    double difference = 0, variance = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      EXPECT_TRUE(pixels[i] == 0 || pixels[i] == 1);
      EXPECT_TRUE(pixels[i] == levels[i] || (levels[i] > 0 && levels[i] < 1));
      difference += pixels[i] - levels[i];
      variance += levels[i] * (1 - levels[i]);
    }
    EXPECT_LT(std::abs(difference), 4 * std::sqrt(variance));  // four standard deviations
  }
  autograd::random::seed(5);
  EXPECT_TRUE(array_equal(drawn_once(grey).test, drawn.test));
  EXPECT_TRUE(array_equal(drawn_once(load_images("digits", false, true)).test.slice(0, 0, 100),
                          drawn.test.slice(0, 0, 100)));
  EXPECT_EQ(drawn.train_labels->to_vector<int>(), grey.train_labels->to_vector<int>());
}

}  // namespace
}  // namespace vae
