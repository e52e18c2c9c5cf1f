#include "autograd/array/softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/array/map.h"
#include "autograd/array/random.h"
#include "tests/autograd/array/naive.h"

namespace autograd::array {
namespace {

using naive::elements;

// Rows of neighbours go through kernels of their own; along other axes ordinary ops do the work.
// Both must agree, in every length of what is left after whole registers and blocks.
TEST(Softmax, RowsAreAsColumns) {
  random::Generator generator(1);
  for (const Dtype dtype : {Dtype::float32, Dtype::float64})
    for (const std::int64_t n : {1, 2, 15, 16, 17, 67, 130, 4095, 4097, 9000}) {
      const double digits = dtype == Dtype::float32 ? 1e-6 : 1e-14;
      const Array x = standard_normal({3, n}, dtype, generator),
                  gy = standard_normal({3, n}, dtype, generator), xt = x.transpose().copy(),
                  gyt = gy.transpose().copy();
      const auto expect_equal = [&](const Array& row, const Array& column, double scale) {
        const std::vector<double> a = elements(row), b = elements(column.transpose());
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
          ASSERT_NEAR(a[i], b[i], digits * scale * (1 + std::abs(b[i]))) << n;
      };
      const Array y = softmax(x, 1), log_y = log_softmax(x, 1);
      expect_equal(y, softmax(xt, 0), 1);
      expect_equal(log_y, log_softmax(xt, 0), 4);
      expect_equal(logsumexp(x, 1, true), logsumexp(xt, 0, true), 4);
      const ExpSum sums = exp_sum(x, 1);
      const Array g = gy.slice(1, 0, 1);
      expect_equal(logsumexp_gradient(x, sums, g),
                   logsumexp_gradient(xt, exp_sum(xt, 0), g.transpose()), 4);
      expect_equal(logsumexp_gradient(x, sums, g), map(ops::Mul{}, softmax(x, 1), g).transpose(),
                   8);
      // Sums of n numbers of either sign.
      const double scale = 4 * std::sqrt(static_cast<double>(n));
      expect_equal(softmax_gradient(y, gy, 1), softmax_gradient(y.transpose().copy(), gyt, 0),
                   scale);
      expect_equal(log_softmax_gradient(log_y, gy, 1),
                   log_softmax_gradient(log_y.transpose().copy(), gyt, 0), scale);
    }
}

TEST(Softmax, InfinitiesInARow) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const Array x = Array::of({0., -inf, 0., -inf, -inf, -inf, 1., inf, 2.}, Shape{3, 3});
  const std::vector<double> y = softmax(x, 1).to_vector<double>(),
                            sums = logsumexp(x, 1).to_vector<double>();
  EXPECT_EQ(y[0], 0.5);
  EXPECT_EQ(y[1], 0);
  EXPECT_TRUE(std::isnan(y[3]));  // nothing to share
  EXPECT_DOUBLE_EQ(sums[0], std::log(2));
  EXPECT_EQ(sums[1], -inf);
  EXPECT_EQ(sums[2], inf);
  EXPECT_TRUE(std::isnan(logsumexp(Array::of({1., std::nan(""), 2.}), 0).item()));
}

}  // namespace
}  // namespace autograd::array
