#include "autograd/array/cross_entropy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/array/random.h"
#include "tests/autograd/array/near.h"

namespace autograd::array {
namespace {

using Doubles = std::vector<double>;

// Plain loops in double.
struct Expected {
  Doubles terms, gx;
};
Expected expected(const Array& x, const std::vector<std::int64_t>& labels, const Doubles& weight,
                  const Doubles& g) {
  const Doubles p = x.to_vector<double>();
  const auto n = static_cast<std::size_t>(x.length(1));
  Expected e{{}, Doubles(p.size(), 0)};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    e.terms.push_back(0);
    if (labels[i] < 0) continue;
    const auto label = static_cast<std::size_t>(labels[i]);
    double greatest = p[i * n], total = 0;
    for (std::size_t j = 0; j < n; ++j) greatest = std::max(greatest, p[i * n + j]);
    for (std::size_t j = 0; j < n; ++j) total += std::exp(p[i * n + j] - greatest);
    const double w = weight.empty() ? 1 : weight[label];
    e.terms.back() = w * (std::log(total) + greatest - p[i * n + label]);
    for (std::size_t j = 0; j < n; ++j)
      e.gx[i * n + j] =
          w * g[i] * (std::exp(p[i * n + j] - greatest) / total - (j == label ? 1 : 0));
  }
  return e;
}

TEST(CrossEntropy, IsThatOfPlainLoops) {
  random::Generator generator(1);
  for (const Dtype dtype : {Dtype::float32, Dtype::float64})
    for (const std::int64_t n : {1, 2, 10, 15, 16, 17, 67, 1000, 4097}) {
      SCOPED_TRACE(n);
      const std::int64_t rows = 37;
      // Far from 0, where x - logsumexp(x) would lose digits.
      Array x = standard_normal({rows, n}, Dtype::float64, generator);
      for (double* v = x.mutable_data<double>(); v < x.data<double>() + x.size(); ++v)
        *v = 100 + 3 * *v;
      x = x.astype(dtype);
      std::vector<std::int64_t> labels;
      for (std::int64_t i = 0; i < rows; ++i)
        labels.push_back(i % 5 == 3 ? -1 : generator.randint(0, n));
      const Array weight = rand({n}, dtype, generator),
                  g = standard_normal({rows}, dtype, generator),
                  t = Array::from(std::span<const std::int64_t>(labels));
      const double tolerance = dtype == Dtype::float32 ? 2e-6 : 1e-14;
      for (const bool weighted : {false, true}) {
        const Classes classes{t, -1, weighted ? weight : Array()};
        const Doubles w = weighted ? weight.to_vector<double>() : Doubles();
        const Expected e = expected(x, labels, w, g.to_vector<double>());
        const CrossEntropy found = cross_entropy(x, classes);
        expect_near(found.terms, e.terms, tolerance);
        expect_near(cross_entropy_gradient(x, classes, found, g, 1), e.gx, tolerance);
        const Expected same = expected(x, labels, w, Doubles(labels.size(), 0.5));
        expect_near(cross_entropy_gradient(x, classes, found, Array::full({1}, 0.25, dtype), 2),
                    same.gx, tolerance);
      }
    }
}

TEST(CrossEntropy, RowsThatDoNotCountMayHoldAnything) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const Array x = Array::of({nan, 0., 1., -inf, 0., 0., 0., inf, 0., 0., nan, 0.}, Shape{4, 3});
  const Array t = Array::of({std::int64_t{-1}, std::int64_t{0}, std::int64_t{2}, std::int64_t{0}});
  const Classes classes{t, -1, Array::of({0.0, 1.0, 1.0})};
  const CrossEntropy found = cross_entropy(x, classes);
  const Doubles terms = found.terms.to_vector<double>();
  EXPECT_EQ(terms[0], 0);
  EXPECT_EQ(terms[1], 0);  // a class without weight costs nothing, however improbable
  EXPECT_EQ(terms[2], inf);
  EXPECT_EQ(terms[3], 0);
  const Doubles gx =
      cross_entropy_gradient(x, classes, found, Array::of({1.0}), 1).to_vector<double>();
  for (const std::size_t i : {0, 1, 2, 3, 4, 5, 9, 10, 11}) EXPECT_EQ(gx[i], 0) << i;
  EXPECT_EQ(gx[6], 0);
  EXPECT_EQ(gx[7], 1);  // an infinite logit takes all of the probability
  EXPECT_EQ(gx[8], -1);
}

// One of -inf is ruled out; of nothing but these nothing can be said.
TEST(CrossEntropy, RowsOfInfinities) {
  const double inf = std::numeric_limits<double>::infinity();
  const Array x = Array::of({0., -inf, 0., 0., -inf, 0., -inf, -inf, -inf}, Shape{3, 3});
  const Classes classes{Array::of({std::int64_t{2}, std::int64_t{1}, std::int64_t{0}}), -1};
  const CrossEntropy found = cross_entropy(x, classes);
  const Doubles terms = found.terms.to_vector<double>(),
                gx = cross_entropy_gradient(x, classes, found, Array::of({1.0}), 1)
                         .to_vector<double>();
  EXPECT_DOUBLE_EQ(terms[0], std::log(2));
  EXPECT_EQ(terms[1], inf);
  EXPECT_TRUE(std::isnan(terms[2]));
  EXPECT_EQ((Doubles(gx.begin(), gx.begin() + 6)), (Doubles{0.5, 0, -0.5, 0.5, -1, 0.5}));
  EXPECT_TRUE(std::isnan(gx[6]) && std::isnan(gx[7]) && std::isnan(gx[8]));
}

}  // namespace
}  // namespace autograd::array
