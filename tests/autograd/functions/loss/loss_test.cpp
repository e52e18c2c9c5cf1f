#include "autograd/functions/loss/loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/backward.h"
#include "autograd/testing/gradient_check.h"
#include "tests/message.h"

namespace autograd {
namespace {

using testing::assert_allclose;
using testing::check_function;

// Numbers in (-2, 2) without a pattern; another `seed`, other numbers.
Array points(const Shape& shape, int seed = 0) {
  Array x = Array::empty(shape, Dtype::float64);
  double* p = x.mutable_data<double>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    p[i] = 2 * std::sin(1.3 + 7.7 * seed + 2.9 * static_cast<double>(i));
  return x;
}

Array labels(std::initializer_list<std::int32_t> values, std::optional<Shape> shape = {}) {
  return Array::of<std::int32_t>(values, shape);
}

double total(const Variable& x) { return sum(x).item(); }

TEST(Loss, ReducesTheTermsInFourWays) {
  const Variable x = as_variable(points({5, 3})), y = as_variable(points({5, 3}, 1)),
                 s = as_variable(points({5, 3}, 2));
  const auto check = [&](const auto& loss) {
    const Variable terms = loss(Reduce::no);
    EXPECT_EQ(terms.shape(), (Shape{5, 3}));
    assert_allclose(loss(Reduce::sum).array(), sum(terms).array(), 1e-12, 1e-12);
    assert_allclose(loss(Reduce::mean).array(), (sum(terms) / 15).array(), 1e-12, 1e-12);
    assert_allclose(loss(Reduce::batch_mean).array(), (sum(terms) / 5).array(), 1e-12, 1e-12);
  };
  check([&](Reduce r) { return bernoulli_nll(x, y, r); });
  check([&](Reduce r) { return gaussian_nll(x, y, s, r); });
  check([&](Reduce r) { return gaussian_kl_divergence(x, y, r); });
  check([&](Reduce r) { return mean_squared_error(x, y, r); });
  check([&](Reduce r) { return mean_absolute_error(x, y, r); });
}

TEST(Loss, DefaultsAreChainers) {
  const Variable x = as_variable(points({4, 6})), y = as_variable(points({4, 6}, 1)),
                 s = as_variable(points({4, 6}, 2));
  EXPECT_EQ(bernoulli_nll(x, y).item(), bernoulli_nll(x, y, Reduce::sum).item());
  EXPECT_EQ(gaussian_nll(x, y, s).item(), gaussian_nll(x, y, s, Reduce::sum).item());
  EXPECT_EQ(gaussian_kl_divergence(x, y).item(), gaussian_kl_divergence(x, y, Reduce::sum).item());
  EXPECT_EQ(mean_squared_error(x, y).item(), mean_squared_error(x, y, Reduce::mean).item());
  EXPECT_EQ(mean_absolute_error(x, y).item(), mean_absolute_error(x, y, Reduce::mean).item());
}

TEST(Loss, TermsAreTheFormulas) {
  const Variable x = as_variable(points({7})), y = as_variable(points({7}, 1)),
                 s = as_variable(points({7}, 2));
  assert_allclose(bernoulli_nll(x, y, Reduce::no).array(), (log1p(exp(y)) - x * y).array(), 1e-12,
                  1e-12);
  assert_allclose(gaussian_nll(x, y, s, Reduce::no).array(),
                  ((std::log(2 * M_PI) + s + square(x - y) / exp(s)) / 2).array(), 1e-12, 1e-12);
  assert_allclose(gaussian_kl_divergence(x, y, Reduce::no).array(),
                  ((square(x) + exp(y) - y - 1) / 2).array(), 1e-12, 1e-12);
  assert_allclose(squared_error(x, y).array(), square(x - y).array(), 1e-12, 1e-12);
  assert_allclose(absolute_error(x, y).array(), absolute(x - y).array(), 1e-12, 1e-12);
}

TEST(Loss, BernoulliNllKeepsItsTails) {
  const Variable x(Array::of({1.f, 0.f, 1.f, 0.f})), y(Array::of({-500.f, 500.f, 500.f, -500.f}));
  const Variable terms = bernoulli_nll(x, y, Reduce::no);
  EXPECT_EQ(terms.array().to_vector<float>(), (std::vector<float>{500, 500, 0, 0}));
  sum(terms).backward();
  EXPECT_EQ(y.grad().to_vector<float>(), (std::vector<float>{-1, 1, 0, 0}));
}

TEST(Loss, GradientsOfTheSums) {
  for (Reduce r : {Reduce::sum, Reduce::mean, Reduce::no, Reduce::batch_mean}) {
    const std::string name = std::string(autograd::name(r));
    check_function(
        {.f = [r](const Variable& x, const Variable& y) { return bernoulli_nll(x, y, r); },
         .x = {points({4, 3}), points({4, 3}, 1)},
         .options = {.name = "bernoulli_nll " + name}});
    check_function({.f = [r](const Variable& x, const Variable& m,
                             const Variable& s) { return gaussian_nll(x, m, s, r); },
                    .x = {points({4, 3}), points({4, 3}, 1), points({4, 3}, 2)},
                    .options = {.name = "gaussian_nll " + name}});
    check_function(
        {.f = [r](const Variable& m, const Variable& s) { return gaussian_kl_divergence(m, s, r); },
         .x = {points({4, 3}), points({4, 3}, 1)},
         .options = {.name = "gaussian_kl_divergence " + name}});
    check_function(
        {.f = [r](const Variable& a, const Variable& b) { return mean_squared_error(a, b, r); },
         .x = {points({4, 3}), points({4, 3}, 1)},
         .options = {.name = "mean_squared_error " + name}});
    check_function(
        {.f = [r](const Variable& a, const Variable& b) { return mean_absolute_error(a, b, r); },
         .x = {points({4, 3}), points({4, 3}, 1)},
         .options = {.name = "mean_absolute_error " + name}});
  }
  check_function({.f = [](const Variable& a, const Variable& b) { return squared_error(a, b); },
                  .x = {points({4, 3}), points({4, 3}, 1)}});
  check_function({.f = [](const Variable& a, const Variable& b) { return absolute_error(a, b); },
                  .x = {points({4, 3}), points({4, 3}, 1)}});
}

// A sum over many elements is taken in one pass, in pieces; the gradient is the same as of the
// terms.
TEST(Loss, FusedSumsAgreeWithTheTermsOnManyElements) {
  const Array data = points({100, 784});
  const Variable x(data.astype(Dtype::float32)), y(points({100, 784}, 1).astype(Dtype::float32));
  bernoulli_nll(x, y).backward();
  const Array gx = x.grad(), gy = y.grad();
  const Variable u(x.array()), v(y.array());
  sum(bernoulli_nll(u, v, Reduce::no)).backward();
  EXPECT_TRUE(array_equal(gx, u.grad()));
  EXPECT_TRUE(array_equal(gy, v.grad()));
  EXPECT_NEAR(bernoulli_nll(x, y).item(), total(bernoulli_nll(u, v, Reduce::no)), 0.05);
}

TEST(Loss, VaeLossesBroadcast) {
  const Variable x = as_variable(points({4, 3})), y = as_variable(points({3}, 1));
  EXPECT_EQ(bernoulli_nll(x, y, Reduce::no).shape(), (Shape{4, 3}));
  EXPECT_NEAR(bernoulli_nll(x, y, Reduce::batch_mean).item(),
              total(bernoulli_nll(x, y, Reduce::no)) / 4, 1e-12);
}

TEST(Loss, Huber) {
  const Variable x(Array::of({0.0, 0.5, 1.0, 3.0, -3.0})), t(Array::zeros({5}, Dtype::float64));
  const Variable y = huber_loss(x, t, 1, Reduce::no);
  assert_allclose(y.array(), Array::of({0.0, 0.125, 0.5, 2.5, 2.5}), 0, 1e-15);
  sum(y).backward();
  assert_allclose(x.grad(), Array::of({0.0, 0.5, 1.0, 1.0, -1.0}), 0, 1e-15);
  assert_allclose(t.grad(), Array::of({0.0, -0.5, -1.0, -1.0, 1.0}), 0, 1e-15);
  EXPECT_EQ(huber_loss(points({2, 3, 4}), points({2, 3, 4}, 1), 1).shape(), (Shape{2, 4}));
  for (Reduce r : {Reduce::sum_along_second_axis, Reduce::no})
    check_function(
        {.f = [r](const Variable& a, const Variable& b) { return huber_loss(a, b, 0.8, r); },
         .x = {points({4, 3}), points({4, 3}, 1)}});
}

TEST(Loss, SigmoidCrossEntropyIgnoresMinusOne) {
  const Variable x(Array::of({0.0, 2.0, -1.0, 5.0}, Shape{2, 2}));
  const Array t = labels({1, 0, -1, 1}, Shape{2, 2});
  const double a = std::log(2.0), b = std::log1p(std::exp(2.0)), c = std::log1p(std::exp(-5.0));
  EXPECT_NEAR(sigmoid_cross_entropy(x, t).item(), (a + b + c) / 3, 1e-14);
  EXPECT_NEAR(sigmoid_cross_entropy(x, t, false).item(), (a + b + c) / 2, 1e-14);
  assert_allclose(sigmoid_cross_entropy(x, t, true, Reduce::no).array(),
                  Array::of({a, b, 0.0, c}, Shape{2, 2}), 1e-14, 1e-14);
  EXPECT_EQ(sigmoid_cross_entropy(x, labels({-1, -1, -1, -1}, Shape{2, 2})).item(), 0);
  for (Reduce r : {Reduce::mean, Reduce::no})
    check_function({.f = [&](const Variable& v) { return sigmoid_cross_entropy(v, t, true, r); },
                    .x = {points({2, 2})}});
}

TEST(SoftmaxCrossEntropy, IsTheLogarithmOfTheLabelsProbability) {
  const Variable x(points({4, 3}));
  const Array t = labels({2, 0, -1, 1});
  const Variable log_p = x - log(sum(exp(x), 1, true));
  const auto p = log_p.array().to_vector<double>();
  const double terms[] = {-p[2], -p[3], 0, -p[10]};
  assert_allclose(softmax_cross_entropy(x, t, {.reduce = Reduce::no}).array(),
                  Array::of({terms[0], terms[1], terms[2], terms[3]}), 1e-14, 1e-14);
  EXPECT_NEAR(softmax_cross_entropy(x, t).item(), (terms[0] + terms[1] + terms[3]) / 3, 1e-14);
  EXPECT_NEAR(softmax_cross_entropy(x, t, {.normalize = false}).item(),
              (terms[0] + terms[1] + terms[3]) / 4, 1e-14);
  const Array weight = Array::of({0.5, 2.0, 3.0});
  EXPECT_NEAR(softmax_cross_entropy(x, t, {.class_weight = weight}).item(),
              (3 * terms[0] + 0.5 * terms[1] + 2 * terms[3]) / 3, 1e-14);
  EXPECT_NEAR(softmax_cross_entropy(x, labels({2, 0, 0, 1}), {.ignore_label = 0}).item(),
              (terms[0] + terms[3]) / 2, 1e-14);
  EXPECT_EQ(softmax_cross_entropy(x, labels({-1, -1, -1, -1})).item(), 0);
}

TEST(SoftmaxCrossEntropy, SoftTargets) {
  const Variable x(points({2, 3}));
  const Array t = Array::of({0.2, 0.8, 0.0, 0.5, 0.25, 0.25}, Shape{2, 3});
  const Variable terms = -sum(Variable(t) * (x - log(sum(exp(x), 1, true))), 1);
  assert_allclose(softmax_cross_entropy(x, t, {.reduce = Reduce::no}).array(), terms.array(), 1e-14,
                  1e-14);
  EXPECT_NEAR(softmax_cross_entropy(x, t).item(), total(terms) / 2, 1e-14);
  const double constant = total(Variable(t) * log(Variable(t) + 1e-7)) / 2;
  EXPECT_NEAR(softmax_cross_entropy(x, t, {.kl_divergence = true}).item(),
              total(terms) / 2 + constant, 1e-14);
}

TEST(SoftmaxCrossEntropy, AClassThatIsRuledOutCostsNothing) {
  const float inf = std::numeric_limits<float>::infinity();
  const Variable x(Array::of({0.f, -inf, 0.f}, Shape{1, 3}));
  const Variable y = softmax_cross_entropy(x, labels({2}));
  EXPECT_FLOAT_EQ(static_cast<float>(y.item()), std::log(2.f));
  y.backward();
  EXPECT_EQ(x.grad().to_vector<float>(), (std::vector<float>{0.5f, 0, -0.5f}));
}

// The gradient is one pass over x unless a graph of it is wanted: then it is that of targets.
TEST(SoftmaxCrossEntropy, BothGradientsAgree) {
  const Array weight = Array::of({0.5, 0.0, 3.0}),
              image = labels({0, 1, 2, -1, 2, 2, 1, 0}, Shape{2, 2, 2});
  for (Reduce r : {Reduce::mean, Reduce::no}) {
    const Variable x(points({2, 3, 2, 2}));
    const Variable y =
        softmax_cross_entropy(x, image, {.normalize = false, .class_weight = weight, .reduce = r});
    const Array g = r == Reduce::no ? points({2, 2, 2}) : points({});
    const auto gx = [&](bool create_graph) {
      return grad({y}, {x},
                  {.create_graph = create_graph,
                   .grad_outputs = {Variable(g)},
                   .retain_graph = true})[0]
          .array();
    };
    assert_allclose(gx(false), gx(true), 1e-14, 1e-14);
  }
}

// What a program does to its labels afterwards changes no gradient.
TEST(SoftmaxCrossEntropy, LabelsMayBeOverwritten) {
  const Variable x(Array::zeros({1, 2}, Dtype::float64));
  Array t = Array::of({std::int64_t{1}});
  const Variable y = softmax_cross_entropy(x, t);
  t.fill(1000);
  y.backward();
  EXPECT_EQ(x.grad().to_vector<double>(), (std::vector<double>{0.5, -0.5}));
}

TEST(SoftmaxCrossEntropy, Derivatives) {
  const Array t = labels({2, 0, -1, 1}), image = labels({0, 1, 2, -1, 2, 2, 1, 0}, Shape{2, 2, 2}),
              weight = Array::of({0.5, 2.0, 3.0});
  Array soft = points({4, 3}, 3);  // rows need not sum to 1
  for (Reduce r : {Reduce::mean, Reduce::no}) {
    check_function(
        {.f = [&](const Variable& x) { return softmax_cross_entropy(x, t, {.reduce = r}); },
         .x = {points({4, 3})}});
    check_function({.f =
                        [&](const Variable& x) {
                          return softmax_cross_entropy(x, t, {.class_weight = weight, .reduce = r});
                        },
                    .x = {points({4, 3})}});
    check_function(
        {.f = [&](const Variable& x) { return softmax_cross_entropy(x, image, {.reduce = r}); },
         .x = {points({2, 3, 2, 2})}});
    check_function(
        {.f = [&](const Variable& x) { return softmax_cross_entropy(x, soft, {.reduce = r}); },
         .x = {points({4, 3})}});
  }
}

TEST(SoftmaxCrossEntropy, WrongCallsAreToldInOneSentence) {
  const Array x = Array::zeros({2, 3}, Dtype::float32);
  EXPECT_EQ(message_of([&] {
              softmax_cross_entropy(x, labels({0, 3}));
            }),
            "softmax_cross_entropy: labels must lie between 0 and 2 or be the ignored -1, but "
            "there is 3");
  EXPECT_EQ(message_of([&] {
              softmax_cross_entropy(x, labels({0, 1, 2}));
            }),
            "softmax_cross_entropy: t must hold integer labels in the shape of x without axis 1, "
            "but x is float32(2, 3) and "
            "t is int32(3)");
  EXPECT_EQ(message_of([&] { softmax_cross_entropy(x, x.flatten()); }),
            "softmax_cross_entropy: soft targets must have the dtype and shape of x, but x is "
            "float32(2, 3) and t is "
            "float32(6)");
  EXPECT_EQ(message_of([&] {
              softmax_cross_entropy(x, x, {.class_weight = Array::of({1.f, 1.f, 1.f})});
            }),
            "softmax_cross_entropy: soft targets have no class_weight, but one is given");
  EXPECT_EQ(message_of([&] {
              softmax_cross_entropy(x, labels({0, 1}), {.class_weight = Array::of({1.f, 2.f})});
            }),
            "softmax_cross_entropy: class_weight must hold one number for each class, but x is "
            "float32(2, 3) and class_weight is float32(2)");
  EXPECT_EQ(message_of([&] {
              softmax_cross_entropy(x, labels({0, 1}), {.reduce = Reduce::sum});
            }),
            "softmax_cross_entropy: reduce must be mean or no, but it is sum");
}

TEST(Loss, Hinge) {
  const Variable x(Array::of({0.5, 0.25, 2.0, -3.0}, Shape{2, 2}));
  const Array t = labels({0, 1});
  assert_allclose(hinge(x, t, Norm::L1, Reduce::no).array(),
                  Array::of({0.5, 1.25, 3.0, 4.0}, Shape{2, 2}), 0, 1e-15);
  EXPECT_DOUBLE_EQ(hinge(x, t).item(), 8.75 / 2);
  EXPECT_DOUBLE_EQ(hinge(x, t, Norm::L2).item(), (0.25 + 1.5625 + 9 + 16) / 2);
  for (Norm norm : {Norm::L1, Norm::L2})
    for (Reduce r : {Reduce::mean, Reduce::no})
      check_function(
          {.f = [&](const Variable& v) { return hinge(v, t, norm, r); }, .x = {points({2, 3})}});
}

TEST(Loss, Contrastive) {
  const Variable x0(Array::of({0.0, 0.0, 0.0, 0.0, 1.0, 2.0}, Shape{3, 2}));
  const Variable x1(Array::of({0.3, 0.4, 0.3, 0.4, 1.0, 2.0}, Shape{3, 2}));
  const Array y = labels({1, 0, 0});
  const Variable terms = contrastive(x0, x1, y, 1, Reduce::no);
  assert_allclose(terms.array(), Array::of({0.125, 0.125, 0.5}), 1e-14, 1e-14);
  sum(terms).backward();
  // Rows that coincide get the gradient 0, not NaN.
  assert_allclose(x0.grad(), Array::of({-0.3, -0.4, 0.3, 0.4, 0.0, 0.0}, Shape{3, 2}), 1e-14,
                  1e-14);
  for (Reduce r : {Reduce::mean, Reduce::no})
    check_function(
        {.f = [&](const Variable& a, const Variable& b) { return contrastive(a, b, y, 4, r); },
         .x = {points({3, 2}), points({3, 2}, 1)}});
}

TEST(Loss, Triplet) {
  const Variable a(Array::of({0.0, 0.0, 0.0, 0.0}, Shape{2, 2})),
      p(Array::of({1.0, 0.0, 1.0, 0.0}, Shape{2, 2})),
      n(Array::of({0.0, 2.0, 0.0, 0.5}, Shape{2, 2}));
  assert_allclose(triplet(a, p, n, 0.2, Reduce::no).array(), Array::of({0.0, 0.95}), 1e-14, 1e-14);
  EXPECT_NEAR(triplet(a, p, n).item(), 0.475, 1e-14);
  check_function({.f = [](const Variable& x, const Variable& y,
                          const Variable& z) { return triplet(x, y, z, 1.5); },
                  .x = {points({3, 2}), points({3, 2}, 1), points({3, 2}, 2)}});
}

TEST(Loss, Covariances) {
  const Variable y = as_variable(Array::of({1.0, 2.0, 3.0, 6.0}, Shape{2, 2})),
                 z = as_variable(Array::of({1.0, -1.0}, Shape{2, 1}));
  assert_allclose(cross_covariance(y, z, Reduce::no).array(), Array::of({-1.0, -2.0}, Shape{2, 1}),
                  1e-15, 1e-15);
  EXPECT_DOUBLE_EQ(cross_covariance(y, z).item(), 2.5);
  assert_allclose(decov(y, Reduce::no).array(), Array::of({0.0, 2.0, 2.0, 0.0}, Shape{2, 2}), 1e-15,
                  1e-15);
  EXPECT_DOUBLE_EQ(decov(y).item(), 4);
  for (Reduce r : {Reduce::half_squared_sum, Reduce::no}) {
    check_function(
        {.f = [r](const Variable& a, const Variable& b) { return cross_covariance(a, b, r); },
         .x = {points({4, 3}), points({4, 2}, 1)}});
    check_function({.f = [r](const Variable& h) { return decov(h, r); }, .x = {points({4, 3})}});
  }
  EXPECT_EQ(message_of([&] {
              cross_covariance(y, Array::zeros({3, 1}, Dtype::float64));
            }),
            "cross_covariance: y and z must have the same number of rows, but y is float64(2, 2) "
            "and z is float64(3, 1)");
  EXPECT_EQ(message_of([&] { decov(z, Reduce::mean); }),
            "decov: reduce must be half_squared_sum or no, but it is mean");
}

TEST(Loss, WrongCallsAreToldInOneSentence) {
  const Array x = Array::zeros({2, 3}, Dtype::float32), y = Array::zeros({3, 2}, Dtype::float32);
  EXPECT_EQ(message_of([&] { mean_squared_error(x, y); }),
            "mean_squared_error: all arguments must have one shape, but a is float32(2, 3) and b "
            "is float32(3, 2)");
  EXPECT_EQ(
      message_of([&] { bernoulli_nll(x, y); }),
      "bernoulli_nll: the shapes must broadcast, but a is float32(2, 3) and b is float32(3, 2)");
  EXPECT_EQ(
      message_of([&] { bernoulli_nll(x, x, Reduce::half_squared_sum); }),
      "bernoulli_nll: reduce must be sum, mean, no or batch_mean, but it is half_squared_sum");
  EXPECT_EQ(message_of([&] {
              gaussian_kl_divergence(Array::scalar(1.f), Array::scalar(1.f), Reduce::batch_mean);
            }),
            "gaussian_kl_divergence: batch_mean needs an axis of the batch, but the terms have the "
            "shape ()");
  EXPECT_EQ(message_of([&] { huber_loss(x, x, -1); }),
            "huber_loss: delta must be positive, but it is -1");
  EXPECT_EQ(message_of([&] { huber_loss(x, x, 1, Reduce::mean); }),
            "huber_loss: reduce must be sum_along_second_axis or no, but it is mean");
  EXPECT_EQ(message_of([&] { huber_loss(x.flatten(), x.flatten(), 1); }),
            "huber_loss: sum_along_second_axis needs a second axis, but x is float32(6) and t is "
            "float32(6)");
  EXPECT_EQ(message_of([&] { sigmoid_cross_entropy(x, y); }),
            "sigmoid_cross_entropy: t must be an array of integer labels, but x is float32(2, 3) "
            "and t is float32(3, 2)");
  EXPECT_EQ(message_of([&] {
              sigmoid_cross_entropy(x, labels({0, 0, 0, 0, 0, 7}, Shape{2, 3}));
            }),
            "sigmoid_cross_entropy: labels must lie between -1 and 1, but there is 7");
  EXPECT_EQ(message_of([&] {
              hinge(x, labels({0, 3}));
            }),
            "hinge: labels must lie between 0 and 2, but there is 3");
  EXPECT_EQ(message_of([&] { hinge(x, labels({0})); }),
            "hinge: t must hold one integer label for each row of x, but x is float32(2, 3) and t "
            "is int32(1)");
  EXPECT_EQ(message_of([&] {
              contrastive(x, x, labels({0, 1}), 0);
            }),
            "contrastive: margin must be positive, but it is 0");
  EXPECT_EQ(message_of([&] {
              contrastive(x, x, labels({0, 1, 1}));
            }),
            "contrastive: y must hold one integer for each row of x0, but x0 is float32(2, 3) and "
            "y is int32(3)");
  EXPECT_EQ(message_of([&] { triplet(x, x, y); }),
            "triplet: all arguments must have one shape, but anchor is float32(2, 3), positive is "
            "float32(2, 3) and "
            "negative is float32(3, 2)");
}

}  // namespace
}  // namespace autograd
