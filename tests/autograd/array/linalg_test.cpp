#include "autograd/array/linalg.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "autograd/array/arithmetic.h"
#include "autograd/array/gemm.h"
#include "autograd/array/random.h"
#include "autograd/base/error.h"
#include "autograd/machine/parallel.h"
#include "tests/message.h"

namespace autograd::array {
namespace {

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
            "covariance: x must have at least one row, but x is float32(0, 3)");
  EXPECT_THROW(covariance(Array::zeros({3}, Dtype::float32)), Error);
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

// (count, n, n) numbers in (-1, 1); singular with probability 0.
Array some_matrices(std::int64_t count, std::int64_t n) {
  Array x = Array::empty({count, n, n}, Dtype::float64);
  double* p = x.mutable_data<double>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    p[i] = std::sin(1.7 * static_cast<double>(i * i) + 0.3);
  return x;
}

TEST(Inverse, TimesItsMatrixIsTheIdentity) {
  for (std::int64_t n : {1, 2, 3, 7, 40}) {
    const Array x = some_matrices(3, n), product = matmul(inv(x), x);
    const std::vector<double> numbers = product.to_vector<double>();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const bool diagonal = static_cast<std::int64_t>(i) % (n * n) % (n + 1) == 0;
      EXPECT_NEAR(numbers[i], diagonal ? 1 : 0, 1e-11) << n << " " << i;
    }
  }
}

TEST(Inverse, TakesViewsAndEmptyBatches) {
  const Array x = some_matrices(2, 3);
  const std::vector<double> turned = inv(x.swapaxes(1, 2)).swapaxes(1, 2).to_vector<double>();
  const std::vector<double> straight = inv(x).to_vector<double>();
  for (std::size_t i = 0; i < straight.size(); ++i) EXPECT_NEAR(turned[i], straight[i], 1e-12);
  EXPECT_EQ(inv(some_matrices(0, 3)).shape(), (Shape{0, 3, 3}));
  EXPECT_EQ(inv(some_matrices(2, 0)).shape(), (Shape{2, 0, 0}));
}

TEST(Inverse, SaysWhatItCannotTake) {
  EXPECT_EQ(message_of([] {
              inv(Array::of<float>({1, 2, 2, 4}, {{2, 2}}));
            }),
            "inv: x must not be singular, but x is float32(2, 2)");
  EXPECT_EQ(message_of([] {
              inv(Array::zeros({2, 1, 1}, Dtype::float64), "batch_inv");
            }),
            "batch_inv: no matrix may be singular, unlike number 0, but x is float64(2, 1, 1)");
  EXPECT_EQ(message_of([] { det(Array::zeros({3}, Dtype::float64)); }),
            "det: x must be square in its last two axes, but x is float64(3)");
}

TEST(Determinant, OfKnownMatrices) {
  EXPECT_EQ(det(Array::of<double>({1, 2, 3, 4}, {{2, 2}})).item(), -2);
  EXPECT_EQ(det(Array::of<float>({0, 1, 1, 0}, {{2, 2}})).item(), -1);
  EXPECT_EQ(det(Array::of<double>({0, 2, 0, 0, 0, 3, 4, 0, 0}, {{3, 3}})).item(), 24);
  EXPECT_EQ(det(Array::of<double>({1, 2, 2, 4}, {{2, 2}})).item(), 0);
  EXPECT_EQ(det(Array::zeros({0, 0}, Dtype::float64)).item(), 1);
}

TEST(Eigh, GivesEigenvectorsInColumns) {
  const Array a = Array::of(
      {2., 1., 0., 1., 2., 0., 0., 0., 7., 4., 0., 0., 0., 3., 0., 0., 0., 2.}, Shape{2, 3, 3});
  const auto [values, vectors] = eigh(a);
  EXPECT_EQ(values.shape(), (Shape{2, 3}));
  const std::vector<double> expected{1, 3, 7, 2, 3, 4}, got = values.to_vector<double>();
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(got[i], expected[i], 1e-14);
  // A V = V diag(values), V^T V = 1.
  const std::vector<double> left = matmul(a, vectors).to_vector<double>(),
                            right = (vectors * values.expand_dims(1)).to_vector<double>(),
                            unit = matmul(vectors.swapaxes(-2, -1), vectors).to_vector<double>();
  for (std::size_t i = 0; i < 18; ++i) {
    EXPECT_NEAR(left[i], right[i], 1e-14);
    EXPECT_NEAR(unit[i], i % 9 % 4 == 0 ? 1 : 0, 1e-14);
  }
  EXPECT_EQ(message_of([] {
              eigh(Array::full({2, 2}, NAN, Dtype::float64));
            }),
            "eigh: x must hold neither NaN nor infinities, but x is float64(2, 2)");
}

}  // namespace
}  // namespace autograd::array
