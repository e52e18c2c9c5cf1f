#include "autograd/array/median.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/message.h"

namespace autograd::array {
namespace {

using ::testing::ElementsAre;

TEST(Median, OfOddAndEvenNumbers) {
  const Array x = Array::of({5., 1., 3., 2., 8., 4.}, Shape{2, 3});
  EXPECT_THAT(median(x, 1).to_vector<double>(), ElementsAre(3, 4));
  EXPECT_THAT(median(x, 0).to_vector<double>(), ElementsAre(3.5, 4.5, 3.5));
  EXPECT_EQ(median(x, -1, true).shape(), (Shape{2, 1}));
  EXPECT_EQ(median(x, 0, true).shape(), (Shape{1, 3}));
  EXPECT_EQ(median(Array::zeros({2, 5, 3}, Dtype::float32), 1).shape(), (Shape{2, 3}));
  EXPECT_TRUE(std::isnan(median(Array::of({1.f, NAN, 2.f}), 0).item()));
  EXPECT_EQ(message_of([] {
              median(Array::zeros({2, 0}, Dtype::float32), 1);
            }),
            "median: the axis must have an element, but x is float32(2, 0)");
}

}  // namespace
}  // namespace autograd::array
