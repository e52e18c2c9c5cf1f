#include "examples/vae/data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

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

}  // namespace
}  // namespace vae
