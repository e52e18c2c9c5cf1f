#include "autograd/functions/noise/noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "autograd/array/random.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "autograd/testing/gradient_check.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using testing::assert_allclose;
using testing::check_function;

TEST(Gaussian, DrawsStandardNormalInOrder) {
  random::Generator a(0), b(0);
  const Variable mean = as_variable(numbers({2, 3})), ln_var = as_variable(numbers({2, 3}, 1));
  const auto [z, eps] = gaussian_with_eps(mean, ln_var, {}, a);
  EXPECT_TRUE(array_equal(eps, array::standard_normal({2, 3}, Dtype::float64, b)));
  EXPECT_EQ(a.state(), b.state());
  for (int i = 0; i < 6; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_NEAR(
        z.array().to_vector<double>()[at],
        mean.array().to_vector<double>()[at] +
            std::exp(ln_var.array().to_vector<double>()[at] / 2) * eps.to_vector<double>()[at],
        1e-14);
  }
  // numpy.random.seed(0); numpy.random.standard_normal((2, 3))[0]
  EXPECT_DOUBLE_EQ(eps.to_vector<double>()[0], 1.764052345967664);
}

TEST(Gaussian, DrawsFromTheGeneratorOfTheProcess) {
  const Variable mean = as_variable(Array::zeros({3}, Dtype::float32)),
                 ln_var = as_variable(Array::zeros({3}, Dtype::float32));
  random::seed(5);
  random::Generator same(5);
  EXPECT_TRUE(
      array_equal(gaussian(mean, ln_var).array(), gaussian(mean, ln_var, {}, same).array()));
}

TEST(Gaussian, TakesTheNoiseItIsGiven) {
  const Array eps = numbers({4, 3}, 2);
  random::Generator untouched(0);
  const Variable z = gaussian(numbers({4, 3}), numbers({4, 3}, 1), {.eps = eps}, untouched);
  EXPECT_EQ(untouched.state(), random::Generator(0).state());
  EXPECT_EQ(z.shape(), (Shape{4, 3}));
  check_function(
      {.f = [&](const Variable& m, const Variable& s) { return gaussian(m, s, {.eps = eps}); },
       .x = {numbers({4, 3}), numbers({4, 3}, 1)}});
}

TEST(Gaussian, HasTwoInputs) {
  const Variable mean(numbers({2, 3})), ln_var(numbers({2, 3}, 1));
  EXPECT_EQ(gaussian(mean, ln_var).creator()->inputs().size(), 2u);
}

TEST(Dropout, KeepsWhereRandIsAtLeastTheRatio) {
  random::Generator a(1), b(1);
  const Variable x(numbers({5, 4}).astype(Dtype::float32));
  const auto [y, mask] = dropout_with_mask(x, 0.3, {}, a);
  const auto u = array::rand({5, 4}, Dtype::float64, b).to_vector<double>();
  const auto m = mask.to_vector<float>();
  for (std::size_t i = 0; i < u.size(); ++i)
    EXPECT_EQ(m[i], u[i] >= 0.3 ? static_cast<float>(1 / 0.7) : 0.f);
  sum(y).backward();
  EXPECT_TRUE(array_equal(x.grad(), mask));
}

TEST(Dropout, MultipliesWithTheMaskItIsGiven) {
  const Array mask = Array::of({2.0, 0.0, 2.0});
  EXPECT_EQ(dropout(Array::of({1.0, 2.0, 3.0}), 0.5, {.mask = mask}).array().to_vector<double>(),
            (std::vector<double>{2, 0, 6}));
  check_function({.f = [&](const Variable& x) { return dropout(x, 0.5, {.mask = mask}); },
                  .x = {numbers({3})}});
}

TEST(Dropout, DoesNothingInTesting) {
  const auto testing = using_config(&Config::train, false);
  random::Generator untouched(0);
  const Variable x(numbers({3}));
  const auto [y, mask] = dropout_with_mask(x, 0.5, {}, untouched);
  EXPECT_TRUE(y.is(x));
  EXPECT_FALSE(mask);
  EXPECT_EQ(untouched.state(), random::Generator(0).state());
}

TEST(SimplifiedDropconnect, DropsConnections) {
  const Variable x = as_variable(Array::of({1.0, 2.0, 3.0, 4.0}, Shape{2, 2})),
                 W = as_variable(Array::of({1.0, 1.0}, Shape{1, 2}));
  const Array mask = Array::of({1.0, 0.0, 1.0, 1.0}, Shape{2, 1, 2});
  EXPECT_EQ(simplified_dropconnect(x, W, Variable(Array::of({0.5})), {.mask = mask})
                .array()
                .to_vector<double>(),
            (std::vector<double>{2.5, 14.5}));
  EXPECT_EQ(simplified_dropconnect(x, W, {}, {.train = false}).array().to_vector<double>(),
            (std::vector<double>{3, 7}));
  random::Generator a(1), b(1);
  simplified_dropconnect(x, W, {}, {.use_batchwise_mask = false}, a);
  array::rand({1, 2}, Dtype::float64, b);
  EXPECT_EQ(a.state(), b.state());
  const Array drawn = Array::of(
      {true, false, true, true, true, false, false, true, true, true, true, false}, Shape{2, 2, 3});
  check_function(
      {.f = [&](const Variable& v, const Variable& w,
                const Variable& c) { return simplified_dropconnect(v, w, c, {.mask = drawn}); },
       .x = {numbers({2, 3}), numbers({2, 3}, 1), numbers({2}, 2)}});
}

TEST(Zoneout, ChoosesBetweenOldAndNew) {
  random::Generator a(1), b(1);
  const auto y =
      zoneout(Array::zeros({50}, Dtype::float32), Array::full({50}, 1, Dtype::float32), 0.2, a);
  const auto u = array::rand({50}, Dtype::float64, b).to_vector<double>();
  for (std::size_t i = 0; i < 50; ++i)
    EXPECT_EQ(y.array().to_vector<float>()[i], u[i] >= 0.2 ? 1.f : 0.f);
  check_function({.f =
                      [](const Variable& h, const Variable& x) {
                        random::Generator same(3);
                        return zoneout(h, x, 0.5, same);
                      },
                  .x = {numbers({4, 3}), numbers({4, 3}, 1)}});
}

TEST(Noise, WrongCallsAreToldInOneSentence) {
  const Array x = Array::zeros({2, 3}, Dtype::float32), y = Array::zeros({3}, Dtype::float32);
  EXPECT_EQ(message_of([&] { gaussian(x, y); }),
            "gaussian: all arguments must have one shape, but mean is float32(2, 3) and ln_var is "
            "float32(3)");
  EXPECT_EQ(message_of([&] { gaussian(x, x, {.eps = y}); }),
            "gaussian: all arguments must have one shape, but ln_var is float32(2, 3) and eps is "
            "float32(3)");
  EXPECT_EQ(message_of([&] { dropout(x, 1); }), "dropout: ratio must lie in [0, 1), but it is 1");
  EXPECT_EQ(
      message_of([&] { dropout(x, 0.5, {.mask = y}); }),
      "dropout: all arguments must have one shape, but x is float32(2, 3) and mask is float32(3)");
  EXPECT_EQ(message_of([&] { simplified_dropconnect(x, x, y); }),
            "simplified_dropconnect: b must hold one number for each row of W, but W is float32(2, "
            "3) and b is float32(3)");
  EXPECT_EQ(message_of([&] { simplified_dropconnect(x, y); }),
            "simplified_dropconnect: x.shape[1:] must have W.shape[1] elements, but x is "
            "float32(2, 3) and W is float32(3)");
  EXPECT_EQ(
      message_of([&] { zoneout(x, y); }),
      "zoneout: all arguments must have one shape, but h is float32(2, 3) and x is float32(3)");
}

}  // namespace
}  // namespace autograd
