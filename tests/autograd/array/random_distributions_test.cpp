#include "autograd/array/random_distributions.h"

#include <gtest/gtest.h>

#include "autograd/testing/gradient_check.h"
#include "tests/message.h"

namespace autograd::array {
namespace {

using testing::assert_allclose;

// What NumPy 1.24 draws after numpy.random.seed(11).
TEST(RandomDistributionArrays, DrawsNormalVectors) {
  random::Generator g(11);
  const Array x = multivariate_normal(Array::of({1.0, -1.0}),
                                      Array::of({2.0, 0.5, 0.5, 1.0}, Shape{2, 2}), 2, g);
  assert_allclose(
      x,
      Array::of({-1.303725839693426, -2.2299548687197515, 2.56922960953497, -2.9073021765436478},
                Shape{2, 2}),
      1e-12, 1e-12);
  EXPECT_EQ(g.rand(), 0.012780814590608647);
}

TEST(RandomDistributionArrays, DrawsElementByElementInTheDtypeOfTheParameters) {
  random::Generator g(4), h(4);
  const Array lam = Array::of<float>({0.5, 12, 3, 100}, Shape{2, 2});
  const Array drawn = poisson(lam.transpose(), g);
  EXPECT_EQ(drawn.dtype(), Dtype::float32);
  const std::vector<double> expected{double(random::poisson(0.5, h)), double(random::poisson(3, h)),
                                     double(random::poisson(12, h)),
                                     double(random::poisson(100, h))};
  EXPECT_EQ(drawn.to_vector<double>(), expected);
  EXPECT_EQ(dirichlet(Array::ones({2, 3}, Dtype::float64), 0, g).shape(), (Shape{0, 2, 3}));
}

TEST(RandomDistributionArrays, SaysWhatIsWrong) {
  random::Generator g(1);
  EXPECT_EQ(message_of([&] { poisson(Array::of({1}), g); }),
            "poisson: the parameter must be float32 or float64, but the parameter is int32(1)");
  EXPECT_EQ(message_of([&] {
              multivariate_normal(Array::of({1.0}), Array::ones({2, 2}, Dtype::float64), 1, g);
            }),
            "multivariate_normal: mean must be a vector (d) and cov a matrix (d, d), but mean is "
            "float64(1) and cov is float64(2, 2)");
}

}  // namespace
}  // namespace autograd::array
