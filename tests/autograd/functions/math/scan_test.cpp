#include "autograd/functions/math/scan.h"

#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;

TEST(Cumsum, RunsAlongAnAxis) {
  EXPECT_THAT(values(cumsum(kX)), ElementsAre(1, 3, 6, 10, 15, 21));
  EXPECT_THAT(values(cumsum(kX, 0)), ElementsAre(1, 2, 3, 5, 7, 9));
  EXPECT_THAT(values(cumsum(kX, -1)), ElementsAre(1, 3, 6, 4, 9, 15));
  EXPECT_EQ(cumsum(numbers({2, 0}), 1).shape(), (Shape{2, 0}));
  EXPECT_THAT(values(cumsum(Array::scalar(3.0))), ElementsAre(3));
  EXPECT_EQ(message_of([] { cumsum(kX, 2); }),
            "cumsum: axis must be in [-2, 2) for an array of 2 axes, but it is 2");
}

TEST(Cumprod, RunsAlongAnAxis) {
  EXPECT_THAT(values(cumprod(kX)), ElementsAre(1, 2, 6, 24, 120, 720));
  EXPECT_THAT(values(cumprod(kX, 0)), ElementsAre(1, 2, 3, 4, 10, 18));
  EXPECT_EQ(cumprod(numbers({0, 2}), 0).shape(), (Shape{0, 2}));
}

TEST(Prod, MultipliesOverAxes) {
  EXPECT_THAT(values(prod(kX)), ElementsAre(720));
  EXPECT_THAT(values(prod(kX, 0)), ElementsAre(4, 10, 18));
  EXPECT_EQ(prod(kX, 1, true).shape(), (Shape{2, 1}));
  EXPECT_THAT(values(prod(numbers({2, 0}), 1)), ElementsAre(1, 1));
  EXPECT_THAT(values(prod(Array::scalar(3.0))), ElementsAre(3));
  EXPECT_EQ(message_of([] { prod(indices({1})); }),
            "prod: x must be float32 or float64, but x is int32(1)");
}

TEST(Scan, HasDerivatives) {
  const Function functions[] = {
      [](const Variables& x) {
        return Variables{cumsum(x[0]), cumsum(x[0], 1)};
      },
      [](const Variables& x) {
        return Variables{cumprod(x[0]), cumprod(x[0], 1)};
      },
      [](const Variables& x) {
        return Variables{prod(x[0]), prod(x[0], 0), prod(x[0], {0, 2}), prod(x[0], -2, true)};
      },
  };
  Array with_zeros = numbers({2, 3, 2});
  with_zeros.slice(2, 0, 1).slice(1, 0, 2).fill(0);
  for (const Function& f : functions) {
    SCOPED_TRACE(&f - functions);
    expect_derivatives(f, {numbers({2, 3, 2})});
    expect_derivatives(f, {numbers({1, 3, 2}).transpose()});
    expect_derivatives(f, {with_zeros});
    expect_derivatives(f, {numbers({2, 0, 2})});
  }
}

}  // namespace
}  // namespace autograd
