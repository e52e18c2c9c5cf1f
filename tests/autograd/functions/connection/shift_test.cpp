#include "autograd/functions/connection/shift.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(Shift, MovesGroupsOfChannels) {
  // Three places along the width: to the left, to the right, and in the end the middle, with the
  // channel that is left over.
  const Array x = matrix({1, 4, 1, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  EXPECT_THAT(values(shift(x, {.ksize = {1, 3}})),
              ElementsAre(2, 3, 0, 0, 4, 5, 7, 8, 9, 10, 11, 12));
  EXPECT_THAT(values(shift(x, {.ksize = {1, 3}, .dilate = {1, -2}})),
              ElementsAre(0, 0, 1, 6, 0, 0, 7, 8, 9, 10, 11, 12));
  EXPECT_THAT(values(shift(x, 1)), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  EXPECT_EQ(shape_of(shift(numbers({0, 9, 2, 2}))), "(0, 9, 2, 2)");
}

TEST(Shift, HasDerivatives) {
  expect_derivatives(
      [](const Variables& v) {
        return Variables{shift(v[0], 3, {1, 2})};
      },
      {numbers({2, 10, 3, 4})});
}

TEST(Shift, RefusesWhatDoesNotFit) {
  EXPECT_EQ(message_of([] {
              shift(numbers({1, 8, 2, 2}));
            }),
            "shift: there must be at least 9 channels, but x is float64(1, 8, 2, 2)");
  EXPECT_EQ(message_of([] {
              shift(numbers({1, 9, 2, 2}), {3, 2});
            }),
            "shift: the lengths of ksize must be odd, but they are 3 and 2");
  EXPECT_EQ(message_of([] {
              shift(numbers({1, 9, 2, 2}), 3, 0);
            }),
            "shift: dilate must not be 0, but it is 0 and 0");
}

}  // namespace
}  // namespace autograd
