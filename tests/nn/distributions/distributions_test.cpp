#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "autograd/array/random.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "autograd/testing/gradient_check.h"
#include "nn/distributions/bernoulli.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/independent.h"
#include "nn/distributions/laplace.h"
#include "nn/distributions/normal.h"
#include "nn/distributions/uniform.h"
#include "tests/message.h"

namespace nn::distributions {
namespace {

namespace F = autograd;
using F::Dtype;
using F::testing::assert_allclose;
using F::testing::check_function;

constexpr double kInf = std::numeric_limits<double>::infinity();

// Numbers in (low, high).
Array points(const Shape& shape, double low, double high, int seed = 0) {
  Array x = Array::empty(shape, Dtype::float64);
  double* p = x.mutable_data<double>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    p[i] = low +
           (high - low) * (0.5 + 0.49 * std::sin(1.3 + 7.7 * seed + 2.9 * static_cast<double>(i)));
  return x;
}

void expect_close(const Variable& a, const Variable& b) {
  assert_allclose(a.array(), b.array(), 1e-13, 1e-12);
}

TEST(Normal, IsWhatItSays) {
  const Variable loc = F::as_variable(points({3, 4}, -1, 1)),
                 scale = F::as_variable(points({3, 4}, 0.5, 2, 1)),
                 x = F::as_variable(points({3, 4}, -2, 2, 2));
  const Normal d({.loc = loc, .scale = scale});
  const Variable density =
      F::exp(-0.5 * F::square((x - loc) / scale)) / (scale * std::sqrt(2 * M_PI));
  expect_close(d.prob(x), density);
  expect_close(d.log_prob(x), F::log(density));
  expect_close(d.cdf(x), 0.5 * (1 + F::erf((x - loc) / scale * std::sqrt(0.5))));
  expect_close(d.log_cdf(x), F::log(d.cdf(x)));
  expect_close(d.survival_function(x), 1 - d.cdf(x));
  expect_close(d.log_survival_function(x), F::log(1 - d.cdf(x)));
  expect_close(d.icdf(d.cdf(x)), x);
  expect_close(d.entropy(), 0.5 * F::log(2 * M_PI * std::exp(1) * F::square(scale)));
  expect_close(d.variance(), F::square(scale));
  EXPECT_EQ(d.batch_shape(), (Shape{3, 4}));
  EXPECT_EQ(d.event_shape(), Shape{});
  EXPECT_TRUE(d.mean().is(loc));
  EXPECT_TRUE(d.stddev().is(scale));
}

TEST(Normal, TakesTheLogarithmOfTheScale) {
  const Variable loc = F::as_variable(points({5}, -1, 1)),
                 log_scale = F::as_variable(points({5}, -1, 1, 1)),
                 x = F::as_variable(points({2, 5}, -1, 1, 2));
  const Normal a({.loc = loc, .log_scale = log_scale}), b(loc, F::exp(log_scale));
  expect_close(a.log_prob(x), b.log_prob(x));
  expect_close(a.entropy(), b.entropy());
  EXPECT_TRUE(a.log_scale().is(log_scale));
}

TEST(Normal, DrawsStandardNormalInOrder) {
  const Variable loc(points({3}, -1, 1).astype(Dtype::float32)),
      scale(points({3}, 0.5, 1).astype(Dtype::float32));
  F::random::Generator a(4), b(4);
  const Variable z = Normal(loc, scale).sample(2, a);
  const Variable eps = F::as_variable(F::array::standard_normal({2, 3}, Dtype::float32, b));
  EXPECT_TRUE(array_equal(z.array(), (loc + scale * eps).array()));
  F::sum(z).backward();
  EXPECT_EQ(loc.grad().to_vector<float>(), (std::vector<float>{2, 2, 2}));
  assert_allclose(scale.grad(), F::sum(eps, 0).array());
  EXPECT_EQ(Normal(loc, scale).sample().shape(), (Shape{3}));
  EXPECT_EQ(Normal(loc, scale).sample({2, 4}).shape(), (Shape{2, 4, 3}));
  EXPECT_EQ(Normal(loc, scale).sample(0).shape(), (Shape{0, 3}));
}

TEST(Normal, Derivatives) {
  const F::Arrays parameters{points({3, 4}, -1, 1), points({3, 4}, 0.5, 2, 1)};
  F::Arrays with_x = parameters;
  with_x.push_back(points({3, 4}, -2, 2, 2));
  using V = const Variable&;
  check_function({.f = [](V l, V s, V x) { return Normal(l, s).log_prob(x); }, .x = with_x});
  check_function({.f = [](V l, V s, V x) { return Normal({.loc = l, .log_scale = s}).log_prob(x); },
                  .x = with_x});
  check_function({.f = [](V l, V s, V x) { return Normal(l, s).prob(x); }, .x = with_x});
  check_function({.f = [](V l, V s, V x) { return Normal(l, s).cdf(x); }, .x = with_x});
  check_function({.f = [](V l, V s, V x) { return Normal(l, s).log_cdf(x); }, .x = with_x});
  check_function({.f = [](V l, V s) { return Normal(l, s).entropy() + 0 * l; }, .x = parameters});
  check_function({.f =
                      [](V l, V s) {
                        F::random::Generator same(1);
                        return Normal({.loc = l, .log_scale = s}).sample(2, same);
                      },
                  .x = parameters});
  check_function(
      {.f = [](V a, V b, V c,
               V d) { return kl_divergence(Normal(a, b), Normal({.loc = c, .log_scale = d})); },
       .x = {parameters[0], parameters[1], points({3, 4}, -1, 1, 3), points({3, 4}, -1, 1, 4)}});
}

TEST(Normal, WhatWasComputedWithoutAGraphIsComputedAgainWithOne) {
  const Variable log_scale(points({3}, -1, 1));
  const Normal d({.loc = Array::zeros({3}, Dtype::float64), .log_scale = log_scale});
  {
    const auto no_graph = F::no_backprop_mode();
    d.variance();
  }
  F::sum(d.variance()).backward();
  EXPECT_TRUE(log_scale.grad());
}

TEST(Bernoulli, IsWhatItSays) {
  const Variable logit = F::as_variable(points({3, 4}, -2, 2)),
                 grey = F::as_variable(points({3, 4}, 0, 1, 1));
  const Variable p = 1 / (1 + F::exp(-logit));
  const Bernoulli a({.logit = logit}), b({.p = p});
  for (const Bernoulli* d : {&a, &b}) {
    expect_close(d->log_prob(grey), grey * F::log(p) + (1 - grey) * F::log(1 - p));
    expect_close(d->prob(grey), grey * p + (1 - grey) * (1 - p));
    expect_close(d->entropy(), -p * F::log(p) - (1 - p) * F::log(1 - p));
    expect_close(d->mean(), p);
    expect_close(d->variance(), p * (1 - p));
    expect_close(d->stddev(), F::sqrt(p * (1 - p)));
    EXPECT_EQ(d->batch_shape(), (Shape{3, 4}));
  }
}

TEST(Bernoulli, KeepsItsTails) {
  const Variable logit(Array::of({-500.f, 500.f, 500.f, -500.f})),
      x = F::as_variable(Array::of({1.f, 0.f, 1.f, 0.f}));
  const Variable y = Bernoulli({.logit = logit}).log_prob(x);
  EXPECT_EQ(y.array().to_vector<float>(), (std::vector<float>{-500, -500, 0, 0}));
  const Variable certain = F::as_variable(Array::of({kInf, kInf, -kInf, -kInf}));
  EXPECT_EQ(Bernoulli({.logit = certain})
                .log_prob(Array::of({1.0, 0.0, 1.0, 0.0}))
                .array()
                .to_vector<double>(),
            (std::vector<double>{0, -kInf, -kInf, 0}));
}

TEST(Bernoulli, BinaryCheck) {
  const Variable logit(Array::of({0.0, 0.0, 0.0})), x = F::as_variable(Array::of({0.0, 1.0, 0.5}));
  const Bernoulli d({.logit = logit, .binary_check = true});
  assert_allclose(d.log_prob(x).array(), Array::of({-std::log(2), -std::log(2), -kInf}), 1e-15,
                  1e-15);
  assert_allclose(d.prob(x).array(), Array::of({0.5, 0.5, 0.0}), 1e-15, 1e-15);
  F::sum(d.log_prob(x)).backward();
  assert_allclose(logit.grad(), Array::of({-0.5, 0.5, std::numeric_limits<double>::quiet_NaN()}),
                  1e-15, 1e-15);
}

TEST(Bernoulli, DrawsBinomialInOrder) {
  F::random::Generator a(3), b(3);
  const Variable p = F::as_variable(points({4}, 0, 1));
  const Variable z = Bernoulli({.p = p}).sample(3, a);
  EXPECT_TRUE(array_equal(z.array(), F::array::bernoulli(p.array().broadcast_to({3, 4}), b)));
  EXPECT_FALSE(z.requires_grad());
}

TEST(Bernoulli, Derivatives) {
  using V = const Variable&;
  const Array logit = points({3, 4}, -2, 2), p = points({3, 4}, 0.2, 0.8),
              x = points({3, 4}, 0, 1, 1);
  check_function({.f = [&](V l) { return Bernoulli({.logit = l}).log_prob(x); },
                  .x = {logit},
                  .options = {.name = "log_prob"}});
  check_function({.f = [&](V q) { return Bernoulli({.p = q}).log_prob(x); },
                  .x = {p},
                  .options = {.name = "log_prob of p"}});
  check_function({.f = [&](V q) { return Bernoulli({.p = q}).entropy(); },
                  .x = {p},
                  .options = {.name = "entropy"}});
  check_function(
      {.f = [&](V a, V b) { return kl_divergence(Bernoulli({.logit = a}), Bernoulli({.p = b})); },
       .x = {logit, p},
       .options = {.name = "kl_divergence"}});
}

TEST(Independent, SumsOverTheEvent) {
  const Variable loc = F::as_variable(points({2, 3, 4}, -1, 1)),
                 scale = F::as_variable(points({2, 3, 4}, 0.5, 2, 1)),
                 x = F::as_variable(points({5, 2, 3, 4}, -1, 1, 2));
  const Normal normal(loc, scale);
  const Independent all(normal), one(normal, 1), none(normal, 0);
  EXPECT_EQ(all.batch_shape(), (Shape{2}));
  EXPECT_EQ(all.event_shape(), (Shape{3, 4}));
  EXPECT_EQ(one.batch_shape(), (Shape{2, 3}));
  EXPECT_EQ(one.event_shape(), (Shape{4}));
  expect_close(all.log_prob(x), F::sum(normal.log_prob(x), {2, 3}));
  expect_close(one.log_prob(x), F::sum(normal.log_prob(x), 3));
  expect_close(none.log_prob(x), normal.log_prob(x));
  expect_close(one.prob(x), F::exp(one.log_prob(x)));
  expect_close(one.cdf(x), F::exp(one.log_cdf(x)));
  expect_close(all.entropy(), F::sum(normal.entropy(), {1, 2}));
  expect_close(all.mean(), loc);
  EXPECT_EQ(all.sample(7).shape(), (Shape{7, 2, 3, 4}));
  expect_close(kl_divergence(all, Independent(Normal(scale, scale))),
               F::sum(kl_divergence(normal, Normal(scale, scale)), {1, 2}));
}

// The KL term of a VAE: the posterior of a batch against a prior without a batch axis.
TEST(Independent, APriorWithoutABatchAxisIsBroadcast) {
  const Variable mu(points({5, 3}, -1, 1)), log_scale(points({5, 3}, -1, 1, 1));
  const Independent q(Normal({.loc = mu, .log_scale = log_scale}));
  const Independent prior(Normal({.loc = Array::zeros({3}, Dtype::float64),
                                  .scale = Array::full({3}, 1, Dtype::float64)}),
                          1);
  const Variable kl = kl_divergence(q, prior);
  EXPECT_EQ(kl.shape(), (Shape{5}));
  expect_close(kl, F::sum(0.5 * (F::square(mu) + F::exp(2 * log_scale) - 2 * log_scale - 1), 1));
}

// The integral of f over [low, high] by the midpoints of many intervals.
double integral(const std::function<Variable(const Variable&)>& f, double low, double high) {
  constexpr std::int64_t n = 200000;
  const double width = (high - low) / n;
  return F::sum(f(Variable(Array::arange(n).astype(Dtype::float64)) * width + (low + width / 2)))
             .item() *
         width;
}

// Density, entropy, mean, variance and divergence of one variable belong together.
template <class D>
void expect_consistent(const D& p, const D& q, double low, double high, double tolerance = 1e-6) {
  const auto plog = [&](const Variable& x, const Variable& y) {
    return F::select(x > 0, x * y, 0);
  };
  EXPECT_NEAR(integral([&](const Variable& x) { return p.prob(x); }, low, high), 1, tolerance);
  EXPECT_NEAR(integral([&](const Variable& x) { return x * p.prob(x); }, low, high),
              p.mean().item(), tolerance);
  EXPECT_NEAR(
      integral([&](const Variable& x) { return F::square(x - p.mean()) * p.prob(x); }, low, high),
      p.variance().item(), tolerance);
  EXPECT_NEAR(
      integral([&](const Variable& x) { return -plog(p.prob(x), p.log_prob(x)); }, low, high),
      p.entropy().item(), tolerance);
  EXPECT_NEAR(
      integral([&](const Variable& x) { return plog(p.prob(x), p.log_prob(x) - q.log_prob(x)); },
               low, high),
      kl_divergence(p, q).item(), tolerance);
}

Variable number(double x) { return Variable(Array::of({x})); }

TEST(Distributions, DensitiesAndMomentsBelongTogether) {
  expect_consistent(Normal(number(0.3), number(0.8)), Normal(number(-0.2), number(1.1)), -12, 12);
  expect_consistent(Laplace(number(0.25), number(0.8)), Laplace(number(-0.25), number(1.1)), -40,
                    40);
  expect_consistent(Exponential(number(1.3)), Exponential(number(0.7)), 0, 40);
  expect_consistent(Gamma(number(2.3), number(0.7)), Gamma(number(1.8), number(1.2)), 0, 60);
  expect_consistent(Beta(number(2.3), number(3.1)), Beta(number(2.1), number(1.7)), 0, 1);
  expect_consistent(Uniform({.low = number(-1), .high = number(2)}),
                    Uniform({.loc = number(-2), .scale = number(5)}), -1, 2);
}

TEST(Distributions, TheDistributionFunctionAndItsInverse) {
  const Variable x = F::as_variable(Array::of({0.2, 0.25, 0.9, 1.4}));
  const Laplace laplace(number(0.25), number(0.8));
  const Exponential exponential(number(1.3));
  const Uniform uniform({.low = number(-1), .high = number(2)});
  for (const Distribution* d :
       std::initializer_list<const Distribution*>{&laplace, &exponential, &uniform}) {
    expect_close(d->icdf(d->cdf(x)), x);
    const Variable at(x.array());
    const Variable probability = d->cdf(at);
    F::sum(probability).backward();
    assert_allclose(at.grad(), d->prob(x).array(), 1e-13, 1e-12);
  }
  EXPECT_NEAR(laplace.icdf(laplace.cdf(number(-40))).item(), -40, 1e-12);
}

TEST(Distributions, OutsideTheSupport) {
  EXPECT_EQ(Uniform({.low = number(0), .high = number(2)})
                .log_prob(Array::of({-0.1, 0.0, 2.0, 2.1}))
                .array()
                .to_vector<double>(),
            (std::vector<double>{-kInf, -std::log(2), -std::log(2), -kInf}));
  EXPECT_EQ(Exponential(number(1)).log_prob(number(-1)).item(), -kInf);
  EXPECT_EQ(Gamma(number(2), number(1)).log_prob(number(-1)).item(), -kInf);
  EXPECT_EQ(Beta(number(2), number(1)).log_prob(number(1.5)).item(), -kInf);
  EXPECT_EQ(kl_divergence(Uniform({.low = number(0), .high = number(2)}),
                          Uniform({.low = number(1), .high = number(3)}))
                .item(),
            kInf);
}

TEST(Distributions, DrawInNumPysOrder) {
  using Generator = F::random::Generator;
  const Variable a = F::as_variable(points({3}, 0.5, 2)),
                 b = F::as_variable(points({3}, 0.5, 2, 1));
  const auto same = [&](const Distribution& d,
                        const std::function<Variable(Generator&)>& expected) {
    Generator g(3), h(3);
    expect_close(d.sample(2, g), expected(h));
    EXPECT_EQ(g.state(), h.state());
  };
  const Dtype type = Dtype::float64;
  same(Laplace(a, b), [&](Generator& g) {
    return a + b * Variable(F::array::laplace({2, 3}, type, g));
  });
  same(Exponential(a), [&](Generator& g) {
    return Variable(F::array::standard_exponential({2, 3}, type, g)) / a;
  });
  same(Uniform({.loc = a, .scale = b}), [&](Generator& g) {
    return a + b * Variable(F::array::rand({2, 3}, type, g));
  });
  same(Gamma(a, b), [&](Generator& g) {
    return b * Variable(F::array::standard_gamma(a.array().broadcast_to({2, 3}), g));
  });
  same(Beta(a, b), [&](Generator& g) {
    return F::as_variable(
        F::array::beta(a.array().broadcast_to({2, 3}), b.array().broadcast_to({2, 3}), g));
  });
}

TEST(Distributions, Derivatives) {
  using V = const Variable&;
  const auto check = [](const F::testing::Function& f, const F::Arrays& x,
                        const std::string& name) {
    check_function({.f = f, .x = x, .options = {.name = name}});
  };
  const Array a = points({3, 4}, 0.5, 2), b = points({3, 4}, 0.5, 2, 1),
              c = points({3, 4}, 0.5, 2, 2), d = points({3, 4}, 0.5, 2, 3),
              inside = points({3, 4}, 0.1, 0.9, 4);
  check([](V l, V s, V x) { return Laplace(l, s).log_prob(x); }, {a, b, c}, "Laplace.log_prob");
  check([](V l, V s, V x) { return Laplace(l, s).cdf(x); }, {a, b, c}, "Laplace.cdf");
  check([](V p, V q, V r, V s) { return kl_divergence(Laplace(p, q), Laplace(r, s)); },
        {a, b, c, d}, "Laplace");
  check([](V l, V x) { return Exponential(l).log_prob(x); }, {a, b}, "Exponential.log_prob");
  check([](V l, V x) { return Exponential(l).cdf(x); }, {a, b}, "Exponential.cdf");
  check([](V p, V q) { return kl_divergence(Exponential(p), Exponential(q)); }, {a, b},
        "Exponential");
  check([](V k, V t, V x) { return Gamma(k, t).log_prob(x); }, {a, b, c}, "Gamma.log_prob");
  check([](V k, V t) { return Gamma(k, t).entropy(); }, {a, b}, "Gamma.entropy");
  check([](V p, V q, V r, V s) { return kl_divergence(Gamma(p, q), Gamma(r, s)); }, {a, b, c, d},
        "Gamma");
  check([](V k, V t, V x) { return Beta(k, t).log_prob(x); }, {a, b, inside}, "Beta.log_prob");
  check([](V k, V t) { return Beta(k, t).entropy(); }, {a, b}, "Beta.entropy");
  check([](V p, V q, V r, V s) { return kl_divergence(Beta(p, q), Beta(r, s)); }, {a, b, c, d},
        "Beta");
  check([&](V l, V s) { return Uniform({.loc = -l, .scale = s + 3}).log_prob(inside); }, {a, b},
        "Uniform.log_prob");
  check(
      [](V p, V q) {
        return kl_divergence(Uniform({.loc = 0 * p, .scale = p}),
                             Uniform({.loc = 0 * q - 1, .scale = q + 4}));
      },
      {a, b}, "Uniform");
}

TEST(Categorical, IsWhatItSays) {
  const Variable logit = F::as_variable(points({2, 3}, -1, 1));
  const Variable p = F::exp(logit) / F::sum(F::exp(logit), 1, true);
  const Categorical a({.logit = logit}), b(p);
  const auto log_p = F::log(p).array().to_vector<double>();
  const Variable x = F::as_variable(Array::of({2, 0, 1, 1, 0, 2}, Shape{3, 2}));  // three draws
  for (const Categorical* d : {&a, &b}) {
    EXPECT_EQ(d->batch_shape(), (Shape{2}));
    assert_allclose(
        d->log_prob(x).array(),
        Array::of({log_p[2], log_p[3], log_p[1], log_p[4], log_p[0], log_p[5]}, Shape{3, 2}), 1e-13,
        1e-13);
    expect_close(d->entropy(), -F::sum(p * F::log(p), 1));
  }
  const Categorical q({.logit = points({2, 3}, -1, 1, 1)});
  expect_close(kl_divergence(a, q), F::sum(p * (F::log(p) - q.log_p()), 1));
  F::random::Generator g(3), h(3);
  const Variable z = b.sample({2, 2}, g);
  EXPECT_EQ(z.shape(), (Shape{2, 2, 2}));
  EXPECT_TRUE(array_equal(z.array(), F::array::choice(p.array(), 4, h).reshape({2, 2, 2})));
}

TEST(Categorical, Derivatives) {
  using V = const Variable&;
  const Variable x = F::as_variable(Array::of({2, 0}));
  check_function({.f = [&](V l) { return Categorical({.logit = l}).log_prob(x); },
                  .x = {points({2, 3}, -1, 1)}});
  check_function(
      {.f = [&](V p) { return Categorical(p).entropy(); }, .x = {points({2, 3}, 0.2, 0.8)}});
  check_function(
      {.f = [](V a,
               V b) { return kl_divergence(Categorical({.logit = a}), Categorical({.logit = b})); },
       .x = {points({2, 3}, -1, 1), points({2, 3}, -1, 1, 1)}});
}

TEST(KlDivergence, RulesCanBeAdded) {
  register_kl<Normal, Bernoulli>([](const Normal& p, const Bernoulli&) { return p.loc() * 2; });
  const Variable three = F::as_variable(Array::of({3.0}));
  EXPECT_EQ(kl_divergence(Normal(three, three), Bernoulli({.p = three})).item(), 6);
  const Normal p(Variable(Array::of({0.0})), Variable(Array::of({1.0})));
  EXPECT_NEAR(cross_entropy(p, p).item(), 0.5 * std::log(2 * M_PI * std::exp(1)), 1e-14);
}

TEST(Distributions, WrongCallsAreToldInOneSentence) {
  const Variable x = F::as_variable(Array::zeros({2, 3}, Dtype::float32)),
                 y = F::as_variable(Array::zeros({3, 2}, Dtype::float32));
  EXPECT_EQ(message_of([&] { Normal({.loc = x}); }),
            "Normal: either scale or log_scale must be given, but neither is");
  EXPECT_EQ(message_of([&] { Normal({.loc = x, .scale = x, .log_scale = x}); }),
            "Normal: either scale or log_scale must be given, but each is");
  EXPECT_EQ(message_of([&] { Normal({.scale = x}); }), "Normal: loc must be given, but it is none");
  EXPECT_EQ(message_of([&] { Bernoulli({.p = x, .logit = x}); }),
            "Bernoulli: either p or logit must be given, but each is");
  EXPECT_EQ(message_of([&] { Bernoulli({.p = x}).icdf(x); }),
            "Bernoulli.icdf: the distribution must define it, but Bernoulli does not");
  EXPECT_EQ(message_of([&] { Bernoulli({.logit = x}).log_prob(y); }),
            "Bernoulli.log_prob: the shapes must broadcast, but a is float32(2, 3) and b is "
            "float32(3, 2)");
  EXPECT_EQ(message_of([&] { Bernoulli({.p = x + 2}).sample(); }),
            "bernoulli: p must lie between 0 and 1, but it is 2");
  EXPECT_EQ(message_of([&] { Normal(x, x).sample(-1); }),
            "Normal.sample: lengths must not be negative, but there is -1");
  EXPECT_EQ(message_of([&] { Uniform({.low = x, .scale = x}); }),
            "Uniform: either low and high or loc and scale must be given, but neither is");
  EXPECT_EQ(message_of([&] {
              Categorical(x).log_prob(Array::of({0, 3}));
            }),
            "Categorical.log_prob: labels must lie between 0 and 2, but there is 3");
  EXPECT_EQ(message_of([&] { Independent(Normal(x, x), 3); }),
            "Independent: reinterpreted_batch_ndims must lie between 0 and the number of batch "
            "axes, but it is 3 and the "
            "batch shape of Normal is (2, 3)");
  EXPECT_EQ(
      message_of([&] { kl_divergence(Independent(Normal(x, x)), Independent(Normal(y, y))); }),
      "kl_divergence: the event shapes must be equal, but they are (3) and (2)");
  EXPECT_EQ(
      message_of([&] { kl_divergence(Bernoulli({.p = x}), Normal(x, x)); }),
      "kl_divergence: there must be a rule for the two classes, but they are Bernoulli and Normal");
}

}  // namespace
}  // namespace nn::distributions
