#include "autograd/array/normalize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "autograd/array/random.h"
#include "tests/autograd/array/near.h"

namespace autograd::array {
namespace {

using Doubles = std::vector<double>;

// A row by plain loops in double.
struct Row {
  Doubles h;  // with mean 0 and variance 1
  double inv_std;

  Row(const double* x, std::size_t n, double eps) : h(n) {
    double mean = 0, squares = 0;
    for (std::size_t j = 0; j < n; ++j) mean += x[j] / static_cast<double>(n);
    for (std::size_t j = 0; j < n; ++j)
      squares += (x[j] - mean) * (x[j] - mean) / static_cast<double>(n);
    inv_std = 1 / std::sqrt(squares + eps);
    for (std::size_t j = 0; j < n; ++j) h[j] = (x[j] - mean) * inv_std;
  }
};

TEST(NormalizeRows, IsThatOfPlainLoops) {
  random::Generator generator(1);
  constexpr double eps = 1e-5;
  for (const Dtype dtype : {Dtype::float32, Dtype::float64})
    for (const std::int64_t length : {1, 2, 15, 16, 17, 67, 1000, 4096, 9001}) {
      SCOPED_TRACE(length);
      constexpr std::int64_t rows = 70;  // more than are added up together
      const auto n = static_cast<std::size_t>(length);
      const Array x = standard_normal({rows, length}, dtype, generator),
                  gy = standard_normal({rows, length}, dtype, generator),
                  gamma = standard_normal({length}, dtype, generator),
                  beta = standard_normal({length}, dtype, generator);
      const Doubles p = x.to_vector<double>(), g = gy.to_vector<double>(),
                    c = gamma.to_vector<double>(), b = beta.to_vector<double>();
      Doubles y, gx, ggamma(n), gbeta(n);
      for (std::size_t i = 0; i < rows; ++i) {
        const Row row(&p[i * n], n, eps);
        double sum = 0, product = 0;
        for (std::size_t j = 0; j < n; ++j) {
          const double v = g[i * n + j] * c[j];
          sum += v / static_cast<double>(n);
          product += v * row.h[j] / static_cast<double>(n);
          y.push_back(row.h[j] * c[j] + b[j]);
          ggamma[j] += g[i * n + j] * row.h[j];
          gbeta[j] += g[i * n + j];
        }
        for (std::size_t j = 0; j < n; ++j)
          gx.push_back(row.inv_std * (g[i * n + j] * c[j] - row.h[j] * product - sum));
      }
      const double tolerance = dtype == Dtype::float32 ? 2e-6 : 1e-14;
      const NormalizedRows found = normalize_rows(x, gamma, beta, eps);
      expect_near(found.y, y, 2 * tolerance);
      const NormalizeGrads grads = normalize_rows_grads(x, gy, gamma, found.statistics);
      // Rows of one element have no variance: 1 / std is 300, and errors grow with it.
      expect_near(grads.x, gx, (length < 3 ? 300 : 4) * tolerance);
      expect_near(grads.gamma, ggamma, 10 * tolerance);
      expect_near(grads.beta, gbeta, 10 * tolerance);
    }
}

TEST(NormalizeRows, ARowFarFromZeroKeepsItsDigits) {
  const Array x = Array::of({10000.f, 10001.f, 10002.f, 10003.f}, Shape{1, 4});
  const Array ones = Array::full({4}, 1, Dtype::float32), zeros = Array::zeros({4}, Dtype::float32);
  expect_near(normalize_rows(x, ones, zeros, 0).y,
              {-3 / std::sqrt(5), -1 / std::sqrt(5), 1 / std::sqrt(5), 3 / std::sqrt(5)}, 1e-6);
}

TEST(NormalizeRows, WhatIsNoNumberStaysInItsRow) {
  const Array x = Array::of({1., 2., std::nan(""), 0., 1., HUGE_VAL, 5., 5., 5.}, Shape{3, 3});
  const Array ones = Array::full({3}, 1, Dtype::float64), zeros = Array::zeros({3}, Dtype::float64);
  const NormalizedRows found = normalize_rows(x, ones, zeros, 1e-5);
  const Doubles y = found.y.to_vector<double>();
  for (std::size_t i = 0; i < 6; ++i) EXPECT_TRUE(std::isnan(y[i])) << i;
  for (std::size_t i = 6; i < 9; ++i) EXPECT_EQ(y[i], 0) << i;
}

TEST(NormalizeRows, Nothing) {
  for (const Shape& shape : {Shape{0, 3}, Shape{3, 0}}) {
    const Array x = Array::zeros(shape, Dtype::float32),
                gamma = Array::zeros({shape[1]}, Dtype::float32);
    const NormalizedRows found = normalize_rows(x, gamma, gamma, 1e-5);
    EXPECT_EQ(found.y.shape(), shape);
    const NormalizeGrads grads = normalize_rows_grads(x, x, gamma, found.statistics);
    EXPECT_EQ(grads.x.shape(), shape);
    EXPECT_EQ(grads.gamma.to_vector<float>(),
              std::vector<float>(static_cast<std::size_t>(shape[1])));
  }
}

}  // namespace
}  // namespace autograd::array
