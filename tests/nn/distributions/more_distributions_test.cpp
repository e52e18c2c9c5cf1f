#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/array/random_distributions.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/testing/gradient_check.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/cauchy.h"
#include "nn/distributions/chisquare.h"
#include "nn/distributions/dirichlet.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/geometric.h"
#include "nn/distributions/gumbel.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/laplace.h"
#include "nn/distributions/log_normal.h"
#include "nn/distributions/multivariate_normal.h"
#include "nn/distributions/normal.h"
#include "nn/distributions/one_hot_categorical.h"
#include "nn/distributions/pareto.h"
#include "nn/distributions/poisson.h"
#include "nn/distributions/uniform.h"
#include "tests/message.h"

namespace nn::distributions {
namespace {

namespace F = autograd;
using F::Dtype;
using F::testing::assert_allclose;
using F::testing::check_function;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Numbers in (low, high).
Array numbers(const Shape& shape, double low, double high, int seed = 0) {
  Array x = Array::empty(shape, Dtype::float64);
  double* p = x.mutable_data<double>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    p[i] = low +
           (high - low) * (0.5 + 0.49 * std::sin(0.7 + 5.3 * seed + 3.1 * static_cast<double>(i)));
  return x;
}

Variable one(double x) { return Variable(Array::of({x})); }

void expect_near(const Variable& a, const Variable& b, double tolerance = 1e-12) {
  assert_allclose(a.array(), b.array(), tolerance, tolerance);
}

// The sum of f(x) p(x) over x = first, first + 1, ..., or its integral over (low, high) by the
// midpoints of many intervals.
using Of = std::function<Variable(const Variable&)>;
struct Sum {
  double low, high;
  std::int64_t n;

  double operator()(const Of& f) const {
    const double width = (high - low) / static_cast<double>(n);
    const Variable x =
        F::as_variable(Array::arange(n).astype(Dtype::float64)) * width + (low + width / 2);
    return F::sum(f(x)).item() * width;
  }
};
Sum integral(double low, double high) { return {low, high, 400000}; }
Sum whole(std::int64_t first, std::int64_t n) {
  return {static_cast<double>(first) - 0.5, static_cast<double>(first + n) - 0.5, n};
}

// Probabilities, moments and entropy belong together.
template <class D>
void expect_consistent(const D& p, const Sum& sum, double tolerance, bool entropy = true) {
  const auto weighted = [&](const Variable& x, const Variable& y) {
    return F::weighted(p.prob(x), y);
  };
  EXPECT_NEAR(sum([&](const Variable& x) { return p.prob(x); }), 1, tolerance) << p.name();
  EXPECT_NEAR(sum([&](const Variable& x) { return weighted(x, x); }), p.mean().item(), tolerance)
      << p.name();
  EXPECT_NEAR(sum([&](const Variable& x) { return weighted(x, F::square(x - p.mean())); }),
              p.variance().item(), tolerance)
      << p.name();
  if (!entropy) return;
  EXPECT_NEAR(sum([&](const Variable& x) { return -weighted(x, p.log_prob(x)); }),
              p.entropy().item(), tolerance)
      << p.name();
}
template <class D>
void expect_divergence(const D& p, const D& q, const Sum& sum, double tolerance) {
  EXPECT_NEAR(
      sum([&](const Variable& x) { return F::weighted(p.prob(x), p.log_prob(x) - q.log_prob(x)); }),
      kl_divergence(p, q).item(), tolerance)
      << p.name();
}

TEST(MoreDistributions, ProbabilitiesAndMomentsBelongTogether) {
  const Gumbel gumbel(one(0.3), one(0.8)), other_gumbel(one(-0.2), one(1.3));
  expect_consistent(gumbel, integral(-6, 40), 1e-6);
  expect_divergence(gumbel, other_gumbel, integral(-6, 40), 1e-6);
  const LogNormal log_normal(one(0.2), one(0.4)), other_log_normal(one(-0.1), one(0.6));
  expect_consistent(log_normal, integral(0, 40), 1e-6);
  expect_divergence(log_normal, other_log_normal, integral(0, 40), 1e-6);
  expect_consistent(Chisquare(one(5)), integral(0, 120), 1e-5);
  const Pareto pareto(one(0.7), one(9.5)), other_pareto(one(0.5), one(8));
  expect_consistent(pareto, integral(0.7, 60), 1e-5);
  expect_divergence(pareto, other_pareto, integral(0.7, 60), 1e-5);
  const Poisson poisson(one(3.5)), other_poisson(one(2.25));
  expect_consistent(poisson, whole(0, 100), 1e-10, false);
  expect_divergence(poisson, other_poisson, whole(0, 100), 1e-10);
  const Geometric geometric(one(0.3)), other_geometric(one(0.45));
  expect_consistent(geometric, whole(1, 400), 1e-10, false);
  expect_divergence(geometric, other_geometric, whole(1, 400), 1e-10);
}

TEST(Cauchy, IsWhatItSays) {
  const Cauchy d(one(0.4), one(0.7));
  const Sum sum = integral(-4000, 4000);
  EXPECT_NEAR(sum([&](const Variable& x) { return d.prob(x); }),
              d.cdf(one(4000)).item() - d.cdf(one(-4000)).item(), 1e-6);
  EXPECT_NEAR(d.entropy().item(), std::log(4 * M_PI * 0.7), 1e-14);
  const Variable x = F::as_variable(Array::of({-3.0, 0.2, 0.4, 5.0}));
  expect_near(d.icdf(d.cdf(x)), x);
  expect_near(d.survival_function(x), 1 - d.cdf(x));
  const Variable at(x.array());
  F::sum(d.cdf(at)).backward();
  assert_allclose(at.grad(), d.prob(x).array(), 1e-13, 1e-12);
  EXPECT_NEAR(d.cdf(one(-1e30)).item() * 1e30, 0.7 / M_PI, 1e-14);  // the far tail
  EXPECT_TRUE(std::isnan(d.mean().item()));
  EXPECT_TRUE(std::isnan(d.variance().item()));
}

TEST(Dirichlet, IsTheBetaDistributionOfTwo) {
  const Variable alpha = F::as_variable(Array::of({2.3, 3.1}, Shape{1, 2})),
                 other = F::as_variable(Array::of({2.1, 1.7}, Shape{1, 2}));
  const Dirichlet p(alpha), q(other);
  const Beta b(one(2.3), one(3.1)), c(one(2.1), one(1.7));
  const Variable x = F::as_variable(Array::of({0.3, 0.7}, Shape{1, 2}));
  expect_near(p.log_prob(x), b.log_prob(one(0.3)));
  expect_near(p.entropy(), b.entropy());
  expect_near(kl_divergence(p, q), kl_divergence(b, c));
  EXPECT_NEAR(p.mean().array().to_vector<double>()[0], b.mean().item(), 1e-14);
  EXPECT_NEAR(p.variance().array().to_vector<double>()[1], b.variance().item(), 1e-14);
  EXPECT_EQ(p.batch_shape(), (Shape{1}));
  EXPECT_EQ(p.event_shape(), (Shape{2}));
  const Dirichlet flat(F::as_variable(Array::of({1.0, 1.0, 1.0})));
  EXPECT_NEAR(flat.log_prob(Array::of({0.0, 0.5, 0.5})).item(), std::log(2), 1e-14);
}

TEST(OneHotCategorical, IsTheCategorical) {
  const Variable p = F::as_variable(Array::of({0.2, 0.3, 0.5, 0.6, 0.4, 0.0}, Shape{2, 3})),
                 q = F::as_variable(Array::of({0.3, 0.3, 0.4, 0.2, 0.4, 0.4}, Shape{2, 3}));
  const OneHotCategorical d(p), e(q);
  const Array hot = Array::of({0, 0, 1, 1, 0, 0}, Shape{2, 3});
  expect_near(d.log_prob(hot), Categorical(p).log_prob(Array::of({2, 0})));
  expect_near(kl_divergence(d, e), kl_divergence(Categorical(p), Categorical(q)));
  expect_near(d.variance(), p * (1 - p));
  EXPECT_TRUE(d.mean().is(p));
  F::random::Generator g(5), h(5);
  const Array drawn = d.sample({2, 2}, g).array();
  EXPECT_EQ(drawn.shape(), (Shape{2, 2, 2, 3}));
  const Array classes = F::array::choice(p.array(), 4, h).reshape({2, 2, 2});
  EXPECT_TRUE(array_equal(
      drawn, F::array::equal(classes.expand_dims(3), Array::arange(3)).astype(Dtype::float64)));
}

TEST(MultivariateNormal, OfADiagonalIsNormal) {
  const Variable loc = F::as_variable(numbers({2, 3}, -1, 1)),
                 scale = F::as_variable(numbers({2, 3}, 0.5, 2, 1)),
                 other = F::as_variable(numbers({2, 3}, 0.5, 2, 2)),
                 x = F::as_variable(numbers({5, 2, 3}, -1, 1, 3));
  const Array places = Array::arange(3);
  const Variable eye =
      F::as_variable(F::array::equal(places.expand_dims(1), places).astype(Dtype::float64));
  const MultivariateNormal p(loc, F::expand_dims(scale, 1) * eye),
      q(other, F::expand_dims(other, 1) * eye);
  const Independent a(Normal(loc, scale), 1), b(Normal(other, other), 1);
  expect_near(p.log_prob(x), a.log_prob(x));
  expect_near(p.entropy(), a.entropy());
  expect_near(kl_divergence(p, q), kl_divergence(a, b));
  expect_near(p.variance(), F::square(scale));
  expect_near(p.covariance(), F::expand_dims(F::square(scale), 1) * eye);
  F::random::Generator g(3), h(3);
  expect_near(p.sample(4, g), Normal(loc, scale).sample(4, h));
  EXPECT_EQ(p.batch_shape(), (Shape{2}));
  EXPECT_EQ(p.event_shape(), (Shape{3}));
}

TEST(MultivariateNormal, DoesNotReadAboveTheDiagonalForItsDensity) {
  const Variable loc(Array::of({0.5, -0.5})), x = F::as_variable(Array::of({0.25, 1.0}));
  const Variable full(Array::of({2.0, 7.0, 0.5, 1.5}, Shape{2, 2})),
      lower(Array::of({2.0, 0.0, 0.5, 1.5}, Shape{2, 2}));
  const Variable y = MultivariateNormal(loc, full).log_prob(x);
  expect_near(y, MultivariateNormal(loc, lower).log_prob(x));
  y.backward();
  EXPECT_EQ(full.grad().to_vector<double>()[1], 0);
}

TEST(Independent, PutsCovariancesAlongTheDiagonal) {
  const Variable loc = F::as_variable(numbers({2, 3, 2}, -1, 1)),
                 scale = F::as_variable(numbers({2, 3, 2, 2}, 0.5, 2, 1));
  const MultivariateNormal inner(loc, scale);
  const Variable cov = Independent(inner, 1).covariance(), blocks = inner.covariance();
  ASSERT_EQ(cov.shape(), (Shape{2, 6, 6}));
  for (std::int64_t b = 0; b < 2; ++b)
    for (std::int64_t i = 0; i < 6; ++i)
      for (std::int64_t j = 0; j < 6; ++j) {
        const double expected = i / 2 == j / 2 ? blocks.array()
                                                     .select(0, b)
                                                     .select(0, i / 2)
                                                     .select(0, i % 2)
                                                     .select(0, j % 2)
                                                     .item()
                                               : 0;
        EXPECT_EQ(cov.array().select(0, b).select(0, i).select(0, j).item(), expected);
      }
  expect_near(Independent(inner, 0).covariance(), blocks);
}

TEST(MoreDistributions, DrawInNumPysOrder) {
  using Generator = F::random::Generator;
  const Variable a = F::as_variable(numbers({3}, 0.5, 2)),
                 b = F::as_variable(numbers({3}, 0.5, 2, 1)),
                 p = F::as_variable(numbers({3}, 0.1, 0.9));
  const auto same = [&](const Distribution& d,
                        const std::function<Variable(Generator&)>& expected) {
    Generator g(3), h(3);
    expect_near(d.sample(2, g), expected(h), 0);
    EXPECT_EQ(g.state(), h.state()) << d.name();
  };
  const auto each = [](const Variable& x) { return x.array().broadcast_to({2, 3}); };
  const Dtype type = Dtype::float64;
  same(Gumbel(a, b), [&](Generator& g) {
    return b * F::as_variable(F::array::gumbel({2, 3}, type, g)) + a;
  });
  same(LogNormal(a, b), [&](Generator& g) {
    return F::exp(b * F::as_variable(F::array::standard_normal({2, 3}, type, g)) + a);
  });
  same(Cauchy(a, b), [&](Generator& g) {
    return b * F::as_variable(F::array::standard_cauchy({2, 3}, type, g)) + a;
  });
  same(Pareto(a, b),
       [&](Generator& g) { return a * (F::as_variable(F::array::pareto(each(b), g)) + 1); });
  same(Chisquare(a), [&](Generator& g) { return F::as_variable(F::array::chisquare(each(a), g)); });
  same(Poisson(a), [&](Generator& g) { return F::as_variable(F::array::poisson(each(a), g)); });
  same(Geometric(p), [&](Generator& g) { return F::as_variable(F::array::geometric(each(p), g)); });
  same(Dirichlet(F::as_variable(numbers({2, 3}, 0.5, 2))), [&](Generator& g) {
    return F::as_variable(F::array::dirichlet(numbers({2, 3}, 0.5, 2), 2, g));
  });
}

TEST(MoreDistributions, Derivatives) {
  using V = const Variable&;
  const auto check = [](const F::testing::Function& f, const F::Arrays& x,
                        const std::string& name) {
    check_function({.f = f, .x = x, .options = {.name = name}});
  };
  const Array a = numbers({3, 4}, 0.5, 2), b = numbers({3, 4}, 0.5, 2, 1),
              c = numbers({3, 4}, 0.5, 2, 2), d = numbers({3, 4}, 0.5, 2, 3),
              inside = numbers({3, 4}, 0.1, 0.9, 4), inside2 = numbers({3, 4}, 0.1, 0.9, 5);
  check([](V l, V s, V x) { return Cauchy(l, s).log_prob(x); }, {a, b, c}, "Cauchy.log_prob");
  check([](V l, V s, V x) { return Cauchy(l, s).cdf(x); }, {a, b, c}, "Cauchy.cdf");
  check([](V l, V s, V x) { return Cauchy(l, s).icdf(x); }, {a, b, inside}, "Cauchy.icdf");
  check([](V k, V x) { return Chisquare(k).log_prob(x); }, {a, b}, "Chisquare.log_prob");
  check([](V k) { return Chisquare(k).entropy(); }, {a}, "Chisquare.entropy");
  check([](V l, V s, V x) { return Gumbel(l, s).log_prob(x); }, {a, b, c}, "Gumbel.log_prob");
  check([](V p, V q, V r, V s) { return kl_divergence(Gumbel(p, q), Gumbel(r, s)); }, {a, b, c, d},
        "Gumbel");
  check([](V l, V s, V x) { return LogNormal(l, s).log_prob(x); }, {a, b, c}, "LogNormal.log_prob");
  check([](V l, V s) { return LogNormal(l, s).variance(); }, {inside, inside2},
        "LogNormal.variance");
  check([](V p, V q, V r, V s) { return kl_divergence(LogNormal(p, q), LogNormal(r, s)); },
        {a, b, c, d}, "LogNormal");
  check([](V l, V s, V x) { return Pareto(l, s).log_prob(x + 2); }, {a, b, c}, "Pareto.log_prob");
  check([](V l, V s) { return Pareto(l, s + 2).variance(); }, {a, b}, "Pareto.variance");
  check([](V p, V q, V r, V s) { return kl_divergence(Pareto(p + 2, q), Pareto(r, s)); },
        {a, b, c, d}, "Pareto");
  const Variable counts =
      F::as_variable(Array::of({0., 1., 2., 3., 4., 5., 6., 7., 0., 1., 9., 2.}, Shape{3, 4}));
  check([&](V l) { return Poisson(l).log_prob(counts); }, {a}, "Poisson.log_prob");
  check([](V p, V q) { return kl_divergence(Poisson(p), Poisson(q)); }, {a, b}, "Poisson");
  check([](V p, V x) { return Geometric(p).log_prob(x); }, {inside, a}, "Geometric.log_prob");
  check([](V p) { return Geometric(p).variance(); }, {inside}, "Geometric.variance");
  check([](V p, V q) { return kl_divergence(Geometric(p), Geometric(q)); }, {inside, inside2},
        "Geometric");
  check([](V p, V x) { return Dirichlet(p).log_prob(x); }, {a, inside}, "Dirichlet.log_prob");
  check([](V p) { return Dirichlet(p).entropy(); }, {a}, "Dirichlet.entropy");
  check([](V p) { return Dirichlet(p).variance(); }, {a}, "Dirichlet.variance");
  check([](V p, V q) { return kl_divergence(Dirichlet(p), Dirichlet(q)); }, {a, b}, "Dirichlet");
  check([](V p, V x) { return OneHotCategorical(p).log_prob(x); }, {inside, a},
        "OneHotCategorical.log_prob");
  check([](V p, V q) { return kl_divergence(OneHotCategorical(p), OneHotCategorical(q)); },
        {inside, inside2}, "OneHotCategorical");
  const Array loc = numbers({2, 3}, -1, 1), scale = numbers({2, 3, 3}, 0.5, 1.5, 1),
              loc2 = numbers({2, 3}, -1, 1, 2), scale2 = numbers({2, 3, 3}, 0.5, 1.5, 3);
  check([](V l, V s, V x) { return MultivariateNormal(l, s).log_prob(x); }, {loc, scale, loc2},
        "MultivariateNormal.log_prob");
  check([](V l, V s) { return MultivariateNormal(l, s).covariance() + 0 * F::sum(l); },
        {loc, scale}, "MultivariateNormal.covariance");
  check(
      [](V l, V s) {
        F::random::Generator same(1);
        return MultivariateNormal(l, s).sample(2, same);
      },
      {loc, scale}, "MultivariateNormal.sample");
  check([](V p, V q, V r,
           V s) { return kl_divergence(MultivariateNormal(p, q), MultivariateNormal(r, s)); },
        {loc, scale, loc2, scale2}, "MultivariateNormal");
}

TEST(MoreDistributions, AtTheEndsOfTheParameters) {
  EXPECT_EQ(Poisson(one(0)).log_prob(one(0)).item(), 0);
  EXPECT_EQ(Poisson(one(0)).log_prob(one(1)).item(), -kInfinite);
  EXPECT_EQ(Geometric(one(1)).log_prob(one(1)).item(), 0);
  EXPECT_EQ(Geometric(one(1)).log_prob(one(2)).item(), -kInfinite);
  EXPECT_EQ(kl_divergence(Geometric(one(1)), Geometric(one(0.5))).item(), std::log(2));
  EXPECT_EQ(kl_divergence(Poisson(one(0)), Poisson(one(2))).item(), 2);
  EXPECT_EQ(Pareto(one(1), one(1)).mean().item(), kInfinite);
  EXPECT_EQ(Pareto(one(1), one(2)).variance().item(), kInfinite);
  EXPECT_EQ(Pareto(one(1), one(2)).log_prob(one(0.5)).item(), -kInfinite);
  EXPECT_EQ(kl_divergence(Pareto(one(1), one(1)), Pareto(one(2), one(1))).item(), kInfinite);
  // log(1 - p) keeps its digits for a small p.
  EXPECT_NEAR(Geometric(one(1e-18)).log_prob(one(1e18)).item(), -1 + std::log(1e-18), 1e-12);
}

TEST(MoreDistributions, SayWhatTheyAre) {
  const Variable x = one(0.5);
  EXPECT_EQ(Cauchy(x, x).support(), "real");
  EXPECT_EQ(Pareto(x, x).support(), "[scale, inf]");
  EXPECT_EQ(Independent(Uniform({.low = x, .high = x + 1}), 1).support(), "[low, high]");
  EXPECT_TRUE(Gumbel(x, x).params().at("loc").is(x));
  EXPECT_TRUE(Independent(Gumbel(x, x), 1).params().contains("scale"));
  EXPECT_EQ(Uniform({.loc = x, .scale = x}).params().count("loc"), 1);
}

TEST(MoreDistributions, WrongCallsAreToldInOneSentence) {
  const Variable x = F::as_variable(Array::zeros({2, 3}, Dtype::float32));
  EXPECT_EQ(message_of([&] { MultivariateNormal({.loc = x}); }),
            "MultivariateNormal: scale_tril must be given, but it is none");
  EXPECT_EQ(message_of([&] { MultivariateNormal(x, x); }),
            "MultivariateNormal: loc must be (..., d) and scale_tril (..., d, d), but loc is "
            "float32(2, 3) and scale_tril is float32(2, 3)");
  EXPECT_EQ(message_of([&] { OneHotCategorical(x).entropy(); }),
            "OneHotCategorical.entropy: the distribution must define it, but OneHotCategorical "
            "does not");
  EXPECT_EQ(message_of([&] { Categorical(x).support(); }),
            "Categorical.support: the distribution must define it, but Categorical does not");
  EXPECT_EQ(message_of([&] { Gumbel(x, x).covariance(); }),
            "Gumbel.covariance: the distribution must define it, but Gumbel does not");
  EXPECT_EQ(message_of([&] { Poisson(x - 1).sample(); }),
            "poisson: lam must lie between 0 and 9.22e18, but it is -1");
  EXPECT_EQ(message_of([&] { Geometric(x).sample(); }),
            "geometric: p must lie between 0, excluded, and 1, but it is 0");
  EXPECT_EQ(message_of([&] { Dirichlet(x).sample(); }),
            "dirichlet: alpha must be positive, but it is 0");
  EXPECT_EQ(message_of([&] { kl_divergence(Cauchy(x, x), Cauchy(x, x)); }),
            "kl_divergence: there must be a rule for the two classes, but they are Cauchy and "
            "Cauchy");
  EXPECT_EQ(message_of([&] { Dirichlet(one(1).array().reshape({})); }),
            "Dirichlet: the numbers of an event need an axis, but alpha is float64()");
}

TEST(Categorical, CutsNumbersToClasses) {
  const Categorical d(F::as_variable(Array::of({0.2, 0.3, 0.5})));
  expect_near(d.log_prob(one(2.7)), d.log_prob(Array::of({2})));
}

}  // namespace
}  // namespace nn::distributions
