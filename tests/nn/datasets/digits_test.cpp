#include "nn/datasets/digits.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace nn::datasets {
namespace {

using autograd::Shape;

TEST(Digits, AreThoseOfThePublishedSet) {
  const auto [train, test] = get_digits();
  EXPECT_EQ(train.size(), 1500);
  EXPECT_EQ(test.size(), 297);
  EXPECT_EQ(train.arrays()[0].shape(), (Shape{1500, 64}));
  const auto pixels = train[0][0].array().to_vector<float>();
  EXPECT_EQ(std::vector<float>(pixels.begin(), pixels.begin() + 8),
            (std::vector<float>{0, 0, 5 / 16.f, 13 / 16.f, 9 / 16.f, 1 / 16.f, 0, 0}));
  EXPECT_EQ(train[0][1].array().item(), 0);
  EXPECT_EQ(train[1][1].array().item(), 1);
  EXPECT_EQ(test[-1][1].array().item(), 8);

  std::vector<int> count(10);
  for (const TupleDataset& part : {train, test}) {
    for (std::int32_t label : part.arrays()[1].to_vector<std::int32_t>())
      ++count.at(std::size_t(label));
    const auto x = part.arrays()[0].to_vector<float>();
    EXPECT_EQ(*std::ranges::min_element(x), 0);
    EXPECT_EQ(*std::ranges::max_element(x), 1);
  }
  EXPECT_EQ(count, (std::vector<int>{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}));
}

TEST(Digits, TakeTheArgumentsOfImages) {
  EXPECT_EQ(get_digits({.withlabel = false, .ndim = 3, .scale = 16}).test[0][0].array().shape(),
            (Shape{1, 8, 8}));
  EXPECT_THAT(digits_attribution(), testing::HasSubstr("Alpaydin"));
}

}  // namespace
}  // namespace nn::datasets
