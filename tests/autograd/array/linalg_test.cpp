#include "autograd/array/linalg.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "autograd/array/random.h"
#include "autograd/base/error.h"
#include "autograd/base/parallel.h"

namespace autograd::array {
namespace {

std::string message_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Covariance, OfColumnsOverRows) {
  const Array x = Array::of<float>({1, 2, 3, 6, 5, 4}, {{3, 2}});
  const Array c = covariance(x);
  EXPECT_EQ(c.dtype(), Dtype::float64);
  EXPECT_EQ(c.shape(), (Shape{2, 2}));
  const std::vector<double> expected{8. / 3, 4. / 3, 4. / 3, 8. / 3};
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(c.to_vector<double>()[i], expected[i], 1e-15);
}

TEST(Covariance, AddsUpManyRowsWhateverTheirMean) {
  // Rows (1000 + s, 1000 - s) with s = 1, -1, 1, ...: the variances are 1, the covariance -1.
  std::vector<float> rows;
  for (int i = 0; i < 5000; ++i)
    for (int sign : {1, -1}) rows.push_back(1000 + static_cast<float>(i % 2 == 0 ? sign : -sign));
  const Array x = Array::from(std::span<const float>(rows), Shape{5000, 2});
  EXPECT_EQ(covariance(x).to_vector<double>(), (std::vector<double>{1, -1, -1, 1}));
  // A view with strides.
  EXPECT_EQ(covariance(x.slice(1, 1, 1)).to_vector<double>(), (std::vector<double>{1}));
}

TEST(Covariance, ItsBitsDoNotDependOnTheNumberOfThreads) {
  random::Generator generator(0);
  const Array x = standard_normal({3000, 70}, Dtype::float32, generator);
  const int threads = parallel::threads();
  parallel::set_threads(1);
  const Array alone = covariance(x), values = eigvalsh(alone);
  parallel::set_threads(4);
  EXPECT_TRUE(array_equal(covariance(x), alone));
  EXPECT_TRUE(array_equal(eigvalsh(alone), values));
  parallel::set_threads(threads);
}

TEST(Covariance, WantsAMatrixWithRows) {
  EXPECT_EQ(message_of([] {
              covariance(Array::zeros({0, 3}, Dtype::float32));
            }),
            "covariance: x must have a row, but x is float32(0, 3)");
  EXPECT_NE(message_of([] { covariance(Array::zeros({3}, Dtype::float32)); }), "no error");
}

// The second difference matrix has the eigenvalues 2 - 2 cos(k pi / (n + 1)).
TEST(Eigvalsh, OfAKnownMatrixInRisingOrder) {
  constexpr int n = 50;
  for (const Dtype dtype : {Dtype::float32, Dtype::float64}) {
    std::vector<double> entries(n * n);
    for (int i = 0; i < n; ++i) {
      entries[i * n + i] = 2;
      if (i > 0) entries[i * n + i - 1] = -1;  // the lower triangle is enough
    }
    const Array a = Array::from(std::span<const double>(entries), Shape{n, n}).astype(dtype);
    const Array values = eigvalsh(a);
    EXPECT_EQ(values.dtype(), dtype);
    // LAPACK's bound: a few ulps of the largest one, times n.
    const double bound = 4 * n * (dtype == Dtype::float32 ? 6e-8 : 1.1e-16);
    for (int k = 0; k < n; ++k)
      EXPECT_NEAR(values.astype(Dtype::float64).to_vector<double>()[k],
                  2 - 2 * std::cos((k + 1) * std::numbers::pi / (n + 1)), bound);
    EXPECT_TRUE(
        array_equal(a, Array::from(std::span<const double>(entries), Shape{n, n}).astype(dtype)));
  }
}

TEST(Eigvalsh, OfNothingAndOfANumber) {
  EXPECT_EQ(eigvalsh(Array::zeros({0, 0}, Dtype::float64)).size(), 0);
  EXPECT_EQ(eigvalsh(Array::of<double>({-3}, {{1, 1}})).item(), -3);
}

TEST(Eigvalsh, SaysWhatItCannotTake) {
  EXPECT_EQ(message_of([] {
              eigvalsh(Array::zeros({2, 3}, Dtype::float32));
            }),
            "eigvalsh: a must be square, but a is float32(2, 3)");
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_EQ(message_of([&] {
                eigvalsh(Array::full({2, 2}, bad, Dtype::float64));
              }),
              "eigvalsh: a must hold neither NaN nor infinities, but a is float64(2, 2)");
}

}  // namespace
}  // namespace autograd::array
