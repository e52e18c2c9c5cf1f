#include "autograd/functions/math/special.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/base/error.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/testing/gradient_check.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using testing::assert_allclose;
using testing::check_function;

// Values from SciPy 1.10. Two units in the last place, or eight where the argument's own rounding
// shows.
void expect_values(Variable (*f)(const Variable&), const Array& x, const Array& y,
                   double rtol = 1e-15) {
  assert_allclose(f(x).array(), y, 0, rtol);
  const Array x32 = x.astype(Dtype::float32);
  assert_allclose(f(x32).array().astype(Dtype::float64), f(x32.astype(Dtype::float64)).array(),
                  1e-44, 2e-7);
}

TEST(Special, Values) {
  expect_values(lgamma, Array::of({0.5, 3.0, 10.25, 1e5, -2.5}),
                Array::of({0.5723649429247, 0.6931471805599453, 13.368023671476045,
                           1051287.7089736569, -0.05624371649767401}));
  expect_values(digamma, Array::of({0.5, 3.0, 10.25, 1e5, -2.5}),
                Array::of({-1.9635100260214235, 0.9227843350984671, 2.277704790686724,
                           11.512920464961896, 1.1031566406452433}));
  expect_values(erfinv, Array::of({-0.999, -0.3, 1e-10, 0.5, 0.75, 0.0, 1.0, -1.0}),
                Array::of({-2.3267537655135246, -0.2724627147267543, 8.862269254527581e-11,
                           0.4769362762044699, 0.8134198475976185, 0.0, kInf, -kInf}));
  expect_values(erfcinv, Array::of({0.1, 0.9, 1.2, 1.99, 1.0, 0.0, 2.0}),
                Array::of({1.1630871536766743, 0.08885599049425769, -0.17914345462129164,
                           -1.8213863677184496, 0.0, kInf, -kInf}));
  expect_values(erfcx, Array::of({-3.0, 0.0, 0.5, 9.0, 1e5}),
                Array::of({16205.988853999586, 1.0, 0.6156903441929258, 0.06230772403777468,
                           5.6418958351954685e-06}),
                2e-15);
  expect_values(log_ndtr, Array::of({-1e3, -10.0, -1.0, 0.0, 3.0}),
                Array::of({-500007.8266948122, -53.23128515051248, -1.841021645009264,
                           -0.6931471805599453, -0.001350809964748193}),
                2e-15);
  expect_values(
      ndtri, Array::of({0.01, 0.5, 0.6, 0.999, 0.0, 1.0}),
      Array::of({-2.3263478740408408, 0.0, 0.2533471031357997, 3.090232306167813, -kInf, kInf}));
  assert_allclose(erfcinv(Variable(Array::scalar(1e-200))).array(),
                  Array::scalar(21.374783049026263), 0, 1e-15);
  assert_allclose(ndtri(Variable(Array::scalar(1e-100))).array(),
                  Array::scalar(-21.273453560965322), 0, 1e-15);
  expect_values(ndtr, Array::of({-10.0, -1.0, 0.0, 0.5, 6.0, -kInf, kInf}),
                Array::of({7.619853024160527e-24, 0.15865525393145707, 0.5, 0.6914624612740131,
                           0.9999999990134123, 0.0, 1.0}));
}

TEST(Special, Polygamma) {
  const Variable x = as_variable(Array::of({0.5, 3.0, 40.25}));
  assert_allclose(polygamma(1, x).array(),
                  Array::of({4.93480220054468, 0.39493406684822646, 0.025155906192376}), 0, 2e-15);
  assert_allclose(polygamma(2, x).array(),
                  Array::of({-16.828796644234316, -0.15411380631918856, -0.0006327862580009432}), 0,
                  2e-15);
  assert_allclose(polygamma(5, x).array(),
                  Array::of({7691.113548602435, 0.2061674381338967, 2.416474529413271e-07}), 0,
                  2e-15);
  EXPECT_TRUE(array_equal(polygamma(0, x).array(), digamma(x).array()));
  // Reflection: psi'(1 - x) + psi'(x) = (pi / sin(pi x))^2, far to the left as well.
  for (double at : {-0.3, -7.6, -123456.75}) {
    const double s = M_PI / std::sin(M_PI * at);
    const Variable here = as_variable(Array::scalar(at));
    EXPECT_NEAR((polygamma(1, here) + polygamma(1, 1 - here)).item(), s * s, 1e-9 * s * s);
  }
  EXPECT_EQ(polygamma(1, Variable(Array::scalar(-3.0))).item(), kInf);
  EXPECT_EQ(message_of([&] { polygamma(-1, x); }),
            "polygamma: n must not be negative, but it is -1");
}

TEST(Special, Ends) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (auto f : {erfinv, erfcinv, ndtri}) {
    EXPECT_TRUE(std::isnan(f(Variable(Array::scalar(-1.5))).item()));
    EXPECT_TRUE(std::isnan(f(Variable(Array::scalar(2.5))).item()));
  }
  for (auto f : {lgamma, digamma, erfinv, erfcinv, erfcx, ndtr, log_ndtr, ndtri, xlogx})
    EXPECT_TRUE(std::isnan(f(Variable(Array::scalar(nan))).item()));
  EXPECT_EQ(lgamma(Variable(Array::scalar(0.0))).item(), kInf);
  EXPECT_EQ(digamma(Variable(Array::scalar(0.0))).item(), -kInf);
  EXPECT_TRUE(std::isnan(digamma(Variable(Array::scalar(-2.0))).item()));
  EXPECT_EQ(erfcx(Variable(Array::scalar(-kInf))).item(), kInf);
  EXPECT_EQ(erfcx(Variable(Array::scalar(kInf))).item(), 0);
  EXPECT_EQ(log_ndtr(Variable(Array::scalar(-kInf))).item(), -kInf);
  EXPECT_EQ(log_ndtr(Variable(Array::scalar(kInf))).item(), 0);
}

TEST(Special, XLogXIsSmoothNowhereButRightAtZero) {
  const Variable x(Array::of({0.0, 0.5, 1.0, -1.0}));
  const Variable y = xlogx(x);
  assert_allclose(y.array(), Array::of({0.0, 0.5 * std::log(0.5), 0.0, 0.0}), 0, 1e-15);
  sum(y).backward();
  assert_allclose(x.grad(), Array::of({0.0, 1 + std::log(0.5), 1.0, 0.0}), 0, 1e-15);
}

TEST(Special, Derivatives) {
  const auto check = [](Variable (*f)(const Variable&), const Array& x, const std::string& name) {
    check_function({.f = [f](const Variable& v) { return f(v); },
                    .x = {x},
                    .options = {.name = name},
                    .elementwise = true});
  };
  const Array positive = Array::of({0.4, 0.9, 1.7, 3.3, 8.1, 12.5}),
              inside = Array::of({-0.7, -0.4, -0.01, 0.2, 0.45, 0.8}),
              wide = Array::of({-4.0, -1.3, -0.2, 0.3, 1.1, 2.6});
  check(lgamma, positive, "lgamma");
  check(digamma, positive, "digamma");
  check(erfinv, inside, "erfinv");
  check([](const Variable& x) { return erfcinv(x); }, Array::of({0.3, 0.6, 0.99, 1.2, 1.45, 1.8}),
        "erfcinv");
  check(erfcx, wide, "erfcx");
  check(ndtr, wide, "ndtr");
  check(log_ndtr, wide, "log_ndtr");
  check(ndtri, Array::of({0.2, 0.3, 0.5, 0.6, 0.7, 0.85}), "ndtri");
  check(xlogx, positive, "xlogx");
  for (int n : {1, 2, 3})
    check_function({.f = [n](const Variable& x) { return polygamma(n, x); },
                    .x = {Array::of({0.9, 1.7, 3.3, 8.1})},
                    .options = {.name = "polygamma"},
                    .elementwise = true});
}

// Values from mpmath.
TEST(Zeta, IsThatOfHurwitz) {
  expect_values([](const Variable& q) { return zeta(2.5, q); }, Array::of({0.25, 1.0, 3.5, 40.0}),
                Array::of({32.0 + 0.829116427413796, 1.341487257250917, 0.126142116937093,
                           0.002685391265106}),
                1e-3);
  EXPECT_DOUBLE_EQ(zeta(2, Array::scalar(1.0)).item(), 1.6449340668482264);
  EXPECT_DOUBLE_EQ(zeta(4, Array::scalar(1.0)).item(), 1.0823232337111382);
  // zeta(3, -0.5) = (-1/2)^-3 + zeta(3, 1/2), with zeta(3, 1/2) = 7 zeta(3).
  EXPECT_NEAR(zeta(3, Array::scalar(-0.5)).item(), -8 + 7 * 1.2020569031595942, 1e-13);
  EXPECT_EQ(zeta(1, Array::scalar(2.0)).item(), INFINITY);
  EXPECT_EQ(zeta(2.5, Array::scalar(-3.0)).item(), INFINITY);
  EXPECT_TRUE(std::isnan(zeta(0.5, Array::scalar(2.0)).item()));
  EXPECT_TRUE(std::isnan(zeta(2.5, Array::scalar(-1.5)).item()));
  // zeta(x, q) = q^-x + zeta(x, q + 1)
  for (const double x : {1.01, 1.5, 7.3, 40.0})
    for (const double q : {0.01, 0.7, 3.2, 25.0, 1e6}) {
      const double left = zeta(x, Array::scalar(q)).item();
      EXPECT_NEAR(left, std::pow(q, -x) + zeta(x, Array::scalar(q + 1)).item(), 4e-15 * left);
    }
}

TEST(Zeta, BroadcastsAndHasDerivatives) {
  const Array x = Array::of({2.0, 3.5, 5.0});
  EXPECT_EQ(zeta(x, Array::of({0.5, 1.5}).expand_dims(1)).shape(), (Shape{2, 3}));
  EXPECT_EQ(zeta(2, Array::of({0.5f})).dtype(), Dtype::float32);
  expect_derivatives([&](const Variables& v) { return Variables{zeta(x, v[0])}; },
                     {Array::of({0.7, 1.9, 3.3})});
  expect_derivatives([&](const Variables& v) { return Variables{zeta(x, v[0])}; },
                     {Array::of({0.7, 1.9}).expand_dims(1)});
}

TEST(Polygamma, TakesAnOrderForEachElement) {
  const Array n = Array::of({0, 1, 2, 5}), x = Array::of({0.9, 1.7, -0.3, 8.1});
  const Variable y = polygamma(n, x);
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(y.array().to_vector<double>()[static_cast<std::size_t>(i)],
                polygamma(n.to_vector<int>()[static_cast<std::size_t>(i)], x.slice(0, i, 1)).item(),
                1e-12);
  EXPECT_EQ(polygamma(n, x.astype(Dtype::float32)).dtype(), Dtype::float32);
  expect_derivatives([&](const Variables& v) { return Variables{polygamma(n, v[0])}; },
                     {Array::of({0.9, 1.7, 2.3, 3.1})});
  EXPECT_EQ(message_of([&] {
              polygamma(Array::of({1, -1, 0, 0}), x);
            }),
            "polygamma: each n must lie in [0, 2^30], but there is -1");
}

}  // namespace
}  // namespace autograd
