#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "autograd/array/compare.h"
#include "autograd/array/reduce.h"
#include "autograd/autograd.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/beta.h"
#include "nn/distributions/categorical.h"
#include "nn/distributions/exponential.h"
#include "nn/distributions/gamma.h"
#include "nn/distributions/normal.h"
#include "nn/distributions/uniform.h"
#include "nn/link.h"
#include "nn/optimizers/optimizers.h"

// What the table of numbers cannot say: whole arrays, conversions, optimizers.
namespace autograd::ranges {
namespace {

namespace D = nn::distributions;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Array array_of(const std::vector<double>& x, Dtype dtype = Dtype::float32) {
  return Array::from<double>(x).astype(dtype);
}
Variable of(const std::vector<double>& x, Dtype dtype = Dtype::float32) {
  return Variable(array_of(x, dtype));
}
std::vector<double> numbers(const Variable& x) {
  return x.array().astype(Dtype::float64).flatten().to_vector<double>();
}
void expect_near(const std::vector<double>& got, const std::vector<double>& expected,
                 double relative) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], relative * std::abs(expected[i])) << i;
}

// ---- what was not taken

TEST(NotTaken, HasNoGradientWhateverItsSlopeIs) {
  for (const Dtype dtype : {Dtype::float32, Dtype::float64})
    for (const bool create_graph : {false, true}) {
      const Variable x = of({-1, 0, 4}, dtype);
      const Array negative = (x <= 0).truth;
      const Variable y = where(negative, x, sqrt(x));
      const Variable gx = grad({y}, {x}, {.create_graph = create_graph})[0];
      EXPECT_EQ(numbers(gx), (std::vector<double>{1, 1, 0.25}));
      if (!create_graph) continue;
      const Variable ggx = grad({gx}, {x})[0];
      EXPECT_EQ(numbers(ggx), (std::vector<double>{0, 0, -0.03125}));
    }
}

TEST(NotTaken, HoldsForEveryFunctionWithAPole) {
  const auto check = [](const char* what, auto f, double at) {
    const Variable x = of({at, 0.5});
    const Array pole = Array::of({1.f, 0.f}).astype(Dtype::bool_);
    const Variable gx = grad({where(pole, x, f(x))}, {x}, {.create_graph = true})[0];
    EXPECT_EQ(numbers(gx)[0], 1) << what;
    const Variable ggx = grad({gx}, {x})[0];
    EXPECT_EQ(numbers(ggx)[0], 0) << what;
  };
  check(
      "log", [](const Variable& x) { return log(x); }, 0);
  check(
      "log of -1", [](const Variable& x) { return log(x); }, -1);
  check(
      "1 / x", [](const Variable& x) { return 1 / x; }, 0);
  check(
      "x / x", [](const Variable& x) { return x / x; }, 0);
  check(
      "rsqrt", [](const Variable& x) { return rsqrt(x); }, 0);
  check(
      "pow", [](const Variable& x) { return pow(x, -1.5); }, 0);
  check(
      "arccos", [](const Variable& x) { return arccos(x); }, 2);
  check(
      "arctanh", [](const Variable& x) { return arctanh(x); }, 1);
  check(
      "lgamma", [](const Variable& x) { return lgamma(x); }, 0);
  check(
      "exp", [](const Variable& x) { return exp(exp(x)); }, 1000);
  check(
      "log of the square root", [](const Variable& x) { return log(sqrt(x)); }, 0);
}

TEST(NotTaken, OneElementOfARoot) {
  const Variable x = of({0, 4});
  const Variable gx = grad({sqrt(x)}, {x}, {.create_graph = true})[0];
  EXPECT_EQ(numbers(gx), (std::vector<double>{kInf, 0.25}));
  const Variable second = split_axis(gx, {1}, 0)[1];
  EXPECT_EQ(numbers(grad({second}, {x})[0]), (std::vector<double>{0, -0.03125}));
}

// ---- products with a factor of 0

TEST(Zero, DecidesAPower) {
  for (const Dtype dtype : {Dtype::float32, Dtype::float64}) {
    const Variable a = of({0, 0, 2}, dtype), b = of({2, 0, 0}, dtype);
    const Variables g = grad({pow(a, b)}, {a, b});
    EXPECT_EQ(numbers(g[0]), (std::vector<double>{0, 0, 0}));
    EXPECT_EQ(numbers(g[1])[0], 0);
    EXPECT_EQ(numbers(g[1])[1], -kInf);
    const Variable x = of({2, 0.5}, dtype);
    EXPECT_EQ(numbers(grad({pow(0.0, x)}, {x})[0]), (std::vector<double>{0, 0}));
  }
}

TEST(Zero, IsTheWeightOfATermThatDoesNotCount) {
  const Variable w = of({0, 0, 2, 0}), x = of({kInf, kNan, 3, 5});
  const Variable y = weighted(w, x);
  EXPECT_EQ(numbers(y), (std::vector<double>{0, 0, 6, 0}));
  const Variables g = grad({y}, {w, x});
  EXPECT_EQ(numbers(g[0])[0], kInf);
  EXPECT_EQ(numbers(g[1]), (std::vector<double>{0, 0, 2, 0}));
}

TEST(Zero, CountsNothingInADivergence) {
  const D::Categorical p(of({0, 0.5, 0.5})), q(of({1 / 3.0, 1 / 3.0, 1 / 3.0})), r(of({0, 1, 0}));
  expect_near(numbers(D::kl_divergence(p, q)), {std::log(1.5)}, 1e-6);
  EXPECT_EQ(numbers(D::kl_divergence(r, r))[0], 0);
  EXPECT_EQ(numbers(D::kl_divergence(p, r))[0], kInf);
}

// ---- scales

TEST(Scale, OfTheLogarithmOfADistributionsScale) {
  const D::Normal p({.loc = of({0}), .log_scale = of({-200})}),
      q({.loc = of({0}), .log_scale = of({-199})});
  EXPECT_EQ(numbers(D::kl_divergence(p, p))[0], 0);
  expect_near(numbers(D::kl_divergence(p, q)), {0.5 * std::exp(-2.0) + 0.5}, 1e-6);
}

TEST(Scale, OfADeviationWhoseSquareOverflows) {
  expect_near(numbers(D::Exponential(of({1e-30})).stddev()), {1e30}, 1e-6);
  expect_near(numbers(D::Gamma(of({4}), of({1e30})).stddev()), {2e30}, 1e-6);
  expect_near(numbers(D::Uniform({.loc = of({0}), .scale = of({1e30})}).stddev()),
              {1e30 / std::sqrt(12.0)}, 1e-6);
  expect_near(numbers(D::Beta(of({1e20}), of({1e20})).variance()), {0.125e-20}, 1e-5);
}

TEST(Scale, OfARowIsOnlyWhatItIsDividedBy) {
  expect_near(numbers(normalize(of({3e20, 4e20}), 0, Axes(0))), {0.6, 0.8}, 1e-6);
  expect_near(numbers(normalize(of({3e-30, 4e-30}), 0, Axes(0))), {0.6, 0.8}, 1e-6);
  const Variable x0 = reshape(of({3e-30, 4e-30}), {1, 2}), x1 = reshape(of({0, 0}), {1, 2});
  const Array different = Array::of({0.f}).astype(Dtype::int32);
  const Variable g = grad({contrastive(x0, x1, different)}, {x0})[0];
  expect_near(numbers(g), {-0.6, -0.8}, 1e-6);
}

TEST(Scale, OfASumWhosePartsOverflow) {
  const Variable x = of({3e38, 3e38, -3e38, -3e38});
  EXPECT_EQ(numbers(sum(x))[0], 0);
  expect_near(numbers(mean(of({3e38, 3e38, 3e38}))), {3e38}, 1e-6);
  expect_near(numbers(average(of({1, 4}), std::nullopt, of({1e20, 2e20}))), {3}, 1e-6);
  expect_near(numbers(average(of({1e20, 4e20}), std::nullopt, of({1e20, 2e20}))), {3e20}, 1e-6);
  expect_near(numbers(average(of({3e38, 3e38}), std::nullopt, of({1, 2}))), {3e38}, 1e-6);
  EXPECT_EQ(numbers(sum(of({3e38, 3e38})))[0], kInf);
  EXPECT_TRUE(std::isnan(numbers(sum(of({kInf, -kInf})))[0]));
}

// ---- optimizers

class Weights : public nn::Chain {
 public:
  explicit Weights(const std::vector<double>& x)
      : W(array_of(x), Shape{static_cast<std::int64_t>(x.size())}) {}
  void list(nn::Members& members) override { members("W", W); }
  nn::Parameter W;
};

std::vector<double> moved(nn::Optimizer& optimizer, Weights& model,
                          const std::vector<double>& gradient) {
  const std::vector<double> before = numbers(model.W);
  model.W.set_grad(array_of(gradient));
  optimizer.update();
  std::vector<double> step = numbers(model.W);
  for (std::size_t i = 0; i < step.size(); ++i) step[i] = before[i] - step[i];
  return step;
}

TEST(Optimizers, ClipGradientsWhoseSquaresOverflowOrVanish) {
  for (const double size : {1e20, 1e38, 1e-25}) {
    Weights model({0, 0});
    nn::optimizers::SGD optimizer({.lr = 1});
    optimizer.setup(model);
    const double threshold = size < 1 ? 5e-26 : 5;
    optimizer.add_hook(nn::optimizer_hooks::GradientClipping{threshold});
    expect_near(moved(optimizer, model, {3 * size / 4, size}), {0.6 * threshold, 0.8 * threshold},
                1e-5);
  }
}

TEST(Optimizers, LarsScalesByNormsWhoseSquaresOverflow) {
  Weights model({3, 4});
  nn::optimizers::SGD optimizer({.lr = 1});
  optimizer.setup(model);
  optimizer.add_hook(nn::optimizer_hooks::GradientLARS{});
  expect_near(moved(optimizer, model, {3e20, 4e20}), {3, 4}, 1e-5);
}

TEST(Optimizers, AdamMovesByItsStep) {
  Weights model({0, 0});
  nn::optimizers::Adam optimizer({.alpha = 0.5});
  optimizer.setup(model);
  expect_near(moved(optimizer, model, {1e20, -1e20}), {0.5, -0.5}, 1e-5);
}

TEST(Optimizers, StayFiniteWithAHugeGradient) {
  const auto check = [](const char* what, nn::Optimizer& optimizer) {
    Weights model({1, -1});
    optimizer.setup(model);
    for (int i = 0; i < 3; ++i)
      for (double step : moved(optimizer, model, {1e20, -3e20}))
        EXPECT_TRUE(std::isfinite(step)) << what;
  };
  namespace O = nn::optimizers;
  O::Adam adam;
  check("Adam", adam);
  O::AdaGrad adagrad;
  check("AdaGrad", adagrad);
  O::AdaDelta adadelta;
  check("AdaDelta", adadelta);
  O::RMSprop rmsprop;
  check("RMSprop", rmsprop);
  O::SMORMS3 smorms3;
  check("SMORMS3", smorms3);
  O::MSVAG msvag;
  check("MSVAG", msvag);
}

// ---- whole numbers

TEST(FloorDiv, IsPythons) {
  const auto check = [](double a, double b, double expected) {
    const double got = numbers(floordiv(of({a}, Dtype::float64), of({b}, Dtype::float64)))[0];
    if (std::isnan(expected))
      EXPECT_TRUE(std::isnan(got)) << a << " // " << b << " gives " << got;
    else
      EXPECT_EQ(got, expected) << a << " // " << b;
  };
  check(1, 0.1, 9);
  check(8, 0.2, 39);
  check(-1, kInf, -1);
  check(1, kInf, 0);
  check(1, -kInf, -1);
  check(kInf, 1, kNan);
  check(-kInf, 2, kNan);
  check(7, 2, 3);
  check(-7, 2, -4);
  check(7, -2, -4);
  check(-7, -2, 3);
  check(6, 3, 2);
  check(1, 0, kInf);
  check(-1, 0, -kInf);
  check(0, 0, kNan);
  check(1e300, 1e-5, std::floor(1e300 / 1e-5));
  check(0x1p53 + 2, 1, 0x1p53 + 2);
  check(5e-324, 1, 0);
  check(-5e-324, 1, -1);
  EXPECT_TRUE(std::signbit(numbers(floordiv(of({-0.0}), of({2})))[0]));
  EXPECT_EQ(
      numbers(floordiv(of({1}), of({0.1}))),  // of the nearest floats, the quotient is below 10
      (std::vector<double>{9}));
}

template <class T>
void check_conversion(Dtype from, Dtype to) {
  const double low = static_cast<double>(std::numeric_limits<T>::min()),
               high = static_cast<double>(std::numeric_limits<T>::max());
  // Long enough for registers and for what is left of them.
  std::vector<double> x;
  std::vector<T> expected;
  for (int i = 0; i < 9; ++i) {
    for (double v : {kInf, 1e30, -kInf, -1e30, kNan, 2.9, 0.0, -0.5, 100.0}) x.push_back(v);
    for (T v : {std::numeric_limits<T>::max(), std::numeric_limits<T>::max(),
                std::numeric_limits<T>::min(), std::numeric_limits<T>::min(), T(0), T(2), T(0),
                T(0), T(100)})
      expected.push_back(v);
  }
  const Array a = array_of(x, from);
  EXPECT_EQ(a.astype(to).to_vector<T>(), expected);
  const Array strided = array_of(x, from).reshape({9, 9}).transpose();
  EXPECT_EQ(strided.astype(to).transpose().copy().flatten().template to_vector<T>(), expected);
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_EQ(Array::full({3}, x[i], to).template to_vector<T>(), std::vector<T>(3, expected[i]));
  EXPECT_EQ(Array::full({}, low, to).template to_vector<T>()[0], std::numeric_limits<T>::min());
  EXPECT_EQ(Array::full({}, std::nextafter(high, 0), to).template to_vector<T>()[0],
            static_cast<T>(std::nextafter(high, 0)));
}

TEST(Conversion, OfFloatsThatAnIntegerCannotHold) {
  for (const Dtype from : {Dtype::float32, Dtype::float64}) {
    check_conversion<std::uint8_t>(from, Dtype::uint8);
    check_conversion<std::int32_t>(from, Dtype::int32);
    check_conversion<std::int64_t>(from, Dtype::int64);
  }
}

// ---- others

TEST(Softmax, OfAnInfiniteElementIsItsLimit) {
  for (const int axis : {0, 1}) {
    const Array x =
        Array::of({1.f, static_cast<float>(kInf), 2.f, -1.f}, Shape{axis ? 1 : 4, axis ? 4 : 1});
    EXPECT_EQ(numbers(softmax(x, axis)), (std::vector<double>{0, 1, 0, 0}));
    EXPECT_EQ(numbers(log_softmax(x, axis)), (std::vector<double>{-kInf, 0, -kInf, -kInf}));
    EXPECT_EQ(numbers(logsumexp(x, axis))[0], kInf);
    const Variable v(x);
    EXPECT_EQ(numbers(grad({logsumexp(v, axis)}, {v})[0]), (std::vector<double>{0, 1, 0, 0}));
  }
}

TEST(Softmax, CrossEntropyOfAnInfiniteLogit) {
  const Variable x(Array::of({1.f, static_cast<float>(kInf), 2.f}, Shape{1, 3}));
  const auto loss = [&](int label) {
    return softmax_cross_entropy(x, Array::full({1}, label, Dtype::int32));
  };
  EXPECT_EQ(numbers(loss(1))[0], 0);
  EXPECT_EQ(numbers(loss(0))[0], kInf);
  EXPECT_EQ(numbers(grad({loss(1)}, {x})[0]), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(numbers(grad({loss(0)}, {x})[0]), (std::vector<double>{-1, 1, 0}));
}

TEST(Zoneout, OfRatioOneGivesH) {
  const Variable h = of({1, 2, 3}), x = of({4, 5, 6});
  EXPECT_EQ(numbers(zoneout(h, x, 1)), numbers(h));
  EXPECT_EQ(numbers(zoneout(h, x, 0)), numbers(x));
}

TEST(Quotient, ByANumberWhoseReciprocalOverflows) {
  EXPECT_EQ(numbers(of({0, 1e-40f}) / 1e-40), (std::vector<double>{0, 1}));
  EXPECT_EQ(numbers(of({1e-310}, Dtype::float64) / 1e-310), (std::vector<double>{1}));
  expect_near(numbers(of({3e38}) / 3e38), {1}, 1e-6);
}

}  // namespace
}  // namespace autograd::ranges
