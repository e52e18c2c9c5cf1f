#include "examples/vae_lab/binarize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "autograd/base/random.h"
#include "examples/vae/data.h"

namespace vae::lab {
namespace {

TEST(Binarize, DrawsPixelsWithTheGreyLevelsAsProbabilities) {
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
}  // namespace vae::lab
