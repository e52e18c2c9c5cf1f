#include "autograd/functions/normalization/normalization.h"

#include <cmath>

#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/machine/parallel.h"
#include "autograd/testing/gradient_check.h"
#include "tests/autograd/functions/derivatives.h"
#include "tests/message.h"

namespace autograd {
namespace {

using ::testing::ElementsAre;
using ::testing::Pointwise;

MATCHER_P(Near, tolerance, "") {
  return std::abs(std::get<0>(arg) - std::get<1>(arg)) <=
         tolerance * std::max(1.0, std::abs(std::get<1>(arg)));
}

// (x - mean) / sqrt(var + eps) gamma + beta, made of other functions.
Variable plain(const Variable& x, const Variable& gamma, const Variable& beta, const Axes& axes,
               double eps) {
  Shape shape = reduced_shape(x.shape(), axes.flags("plain", x.ndim()), true);
  const Variable distance = x - mean(x, axes, true);
  return distance / pow(mean(square(distance), axes, true) + eps, 0.5) * reshape(gamma, shape) +
         reshape(beta, shape);
}

TEST(BatchNormalization, IsWhatItsFormulaSays) {
  struct Case {
    Shape x, gamma;
    Axes axis, mean_over;
  };
  const Case cases[] = {
      {{5, 3}, {3}, std::nullopt, 0},
      {{200, 37}, {37}, std::nullopt, 0},
      {{130, 1030}, {1030}, std::nullopt, 0},
      {{3, 2, 4, 5}, {2}, std::nullopt, {0, 2, 3}},
      {{7, 5, 9}, {5}, std::nullopt, {0, 2}},
      {{3, 2, 70, 71}, {2}, std::nullopt, {0, 2, 3}},
      {{70, 1, 9, 9}, {1}, std::nullopt, {0, 2, 3}},
      {{4, 3, 2}, {3, 2}, std::nullopt, 0},
      {{4, 3, 2}, {3, 2}, 0, 0},
      {{4, 3, 2}, {4, 2}, 1, 1},
      {{4, 3, 2, 5}, {3, 5}, {0, 2}, {0, 2}},
      {{4, 3, 2, 5}, {4, 3}, {-1, -2}, {2, 3}},
      {{4, 3, 2, 5}, {5}, {0, 1, 2}, {0, 1, 2}},
      {{1, 6}, {6}, std::nullopt, 0},
      {{9}, {}, std::nullopt, 0},
      {{4, 3, 2}, {4, 3, 2}, {}, {}},
  };
  for (const Case& c : cases)
    for (const Dtype dtype : {Dtype::float32, Dtype::float64}) {
      SCOPED_TRACE(to_string(c.x) + " " + std::string(name(dtype)));
      const double tolerance = dtype == Dtype::float32 ? 1e-5 : 1e-12;
      const Array x64 = numbers(c.x), gamma64 = numbers(c.gamma, 1), beta64 = numbers(c.gamma, 2),
                  gy64 = numbers(c.x, 3);
      const Variable x(x64.astype(dtype)), gamma(gamma64.astype(dtype)), beta(beta64.astype(dtype));
      const Variable x2(x64), gamma2(gamma64), beta2(beta64);
      const Variable y = batch_normalization(x, gamma, beta, {.eps = 1e-2, .axis = c.axis});
      const Variable y2 = plain(x2, gamma2, beta2, c.mean_over, 1e-2);
      EXPECT_EQ(y.dtype(), dtype);
      EXPECT_THAT(values(y), Pointwise(Near(tolerance), values(y2)));
      Variable(y).set_grad(gy64.astype(dtype));
      y.backward();
      Variable(y2).set_grad(gy64);
      y2.backward();
      EXPECT_THAT(values(x.grad()), Pointwise(Near(tolerance), values(x2.grad())));
      EXPECT_THAT(values(gamma.grad()), Pointwise(Near(tolerance), values(gamma2.grad())));
      EXPECT_THAT(values(beta.grad()), Pointwise(Near(tolerance), values(beta2.grad())));
      EXPECT_EQ(gamma.grad().shape(), c.gamma);
    }
}

// The mean is a hundred thousand times the deviation: E[x^2] - E[x]^2 would have no digit left.
TEST(BatchNormalization, KeepsItsDigitsFarFromZero) {
  for (const Shape& shape : {Shape{1000, 3}, Shape{10, 3, 10, 10}}) {
    Array x = Array::empty(shape, Dtype::float32);
    float* p = x.mutable_data<float>();
    for (std::int64_t i = 0; i < x.size(); ++i) p[i] = 10000 + static_cast<float>(i % 7) / 8;
    const Array gamma = Array::full({3}, 1, Dtype::float32), beta = Array::zeros({3}, x.dtype());
    const Variable y = batch_normalization(x, gamma, beta);
    const Variable exact = batch_normalization(
        x.astype(Dtype::float64), gamma.astype(Dtype::float64), beta.astype(Dtype::float64));
    EXPECT_THAT(values(y), Pointwise(Near(1e-6), values(exact)));
    EXPECT_NEAR(mean(square(exact)).item(), 1, 1e-3);
  }
}

TEST(BatchNormalization, UpdatesRunningStatistics) {
  const Array x = matrix({4, 2}, {1, 10, 2, 10, 3, 10, 6, 10});
  const Array gamma = vector({1, 1}), beta = vector({0, 0});
  const Array running_mean = vector({0, 1}), running_var = vector({1, 1});
  const BatchNormalizationOptions options{.running_mean = running_mean, .running_var = running_var};
  batch_normalization(x, gamma, beta, options);
  EXPECT_THAT(values(running_mean), Pointwise(Near(1e-15), {0.3, 1.9}));
  // var = 14 / 4, unbiased 14 / 3
  EXPECT_THAT(values(running_var), Pointwise(Near(1e-15), {0.9 + 1.4 / 3, 0.9}));
  batch_normalization(x.slice(0, 0, 0), gamma, beta, options);
  EXPECT_THAT(values(running_mean), Pointwise(Near(1e-15), {0.3, 1.9}));
  batch_normalization(x.slice(0, 0, 1), gamma, beta,
                      {.running_mean = running_mean, .running_var = running_var, .decay = 0.5});
  EXPECT_THAT(values(running_mean), Pointwise(Near(1e-15), {0.65, 5.95}));
  EXPECT_THAT(values(running_var), Pointwise(Near(1e-15), {0.45 + 0.7 / 3, 0.45}));
}

TEST(BatchNormalization, HasDerivatives) {
  struct Case {
    Shape x, gamma;
    Axes axis;
  };
  for (const Case& c : {Case{{5, 3}, {3}, std::nullopt}, Case{{3, 2, 2, 5}, {2}, std::nullopt},
                        Case{{4, 3, 2}, {3, 2}, std::nullopt}, Case{{4, 3, 2}, {4, 2}, 1}}) {
    SCOPED_TRACE(to_string(c.x));
    const auto f = [axis = c.axis](const Variables& x) {
      return Variables{batch_normalization(x[0], x[1], x[2], {.eps = 0.1, .axis = axis})};
    };
    const Arrays at{numbers(c.x), numbers(c.gamma, 1), numbers(c.gamma, 2)};
    EXPECT_NO_THROW(testing::check_function({.f = f, .x = at}));
    const auto fixed = [axis = c.axis](const Variables& x) {
      return Variables{fixed_batch_normalization(x[0], x[1], x[2], x[3], square(x[4]), 0.1, axis)};
    };
    EXPECT_NO_THROW(testing::check_function(
        {.f = fixed, .x = {at[0], at[1], at[2], numbers(c.gamma, 3), numbers(c.gamma, 4)}}));
  }
  // A gamma of 0 is no special point.
  expect_derivatives(
      [](const Variables& x) { return Variables{batch_normalization(x[0], x[1], x[2])}; },
      {numbers({5, 2}), vector({0, 0.5}), vector({1, 2})});
}

// The gradient of the gradient is a function of x, too.
TEST(BatchNormalization, HasThirdDerivatives) {
  expect_derivatives(
      [](const Variables& x) {
        const Variable y = batch_normalization(x[0], x[1], x[2], {.eps = 0.1});
        return Variables{grad({sum(y * y * y)}, {x[0]}, {.create_graph = true})};
      },
      {numbers({4, 2}), vector({0.7, 0.5}), vector({1, 2})});
}

TEST(BatchNormalization, AcceptsEmptyBatches) {
  const Variable gamma(Array::full({3}, 2, Dtype::float32)),
      beta(Array::zeros({3}, Dtype::float32));
  for (const Shape& shape : {Shape{0, 3}, Shape{0, 3, 4, 4}, Shape{2, 3, 0, 4}}) {
    const Variable x(Array::zeros(shape, Dtype::float32));
    const Variable y = batch_normalization(x, gamma, beta);
    EXPECT_EQ(y.shape(), shape);
    gamma.node();
    Variable(gamma).cleargrad();
    sum(y).backward();
    EXPECT_EQ(x.grad().shape(), shape);
    EXPECT_THAT(values(gamma.grad()), ElementsAre(0, 0, 0));
    EXPECT_EQ(fixed_batch_normalization(x, gamma, beta, beta, gamma).shape(), shape);
  }
}

TEST(BatchNormalization, DoesNotDependOnTheNumberOfThreads) {
  const int before = parallel::threads();
  for (const Shape& shape : {Shape{33, 5, 41, 43}, Shape{1000, 70}, Shape{3, 2, 150, 160}}) {
    const Shape channels{shape[1]};
    std::vector<Arrays> results;
    for (const int threads : {1, 2, 4}) {
      parallel::set_threads(threads);
      const Variable x(numbers(shape).astype(Dtype::float32)),
          gamma(numbers(channels, 1).astype(Dtype::float32)),
          beta(numbers(channels, 2).astype(Dtype::float32));
      const Array running_mean = Array::zeros(channels, Dtype::float32),
                  running_var = Array::zeros(channels, Dtype::float32);
      const Variable y = batch_normalization(
          x, gamma, beta, {.running_mean = running_mean, .running_var = running_var});
      sum(y * y * y).backward();
      results.push_back(
          {y.array(), x.grad(), gamma.grad(), beta.grad(), running_mean, running_var});
    }
    for (std::size_t t = 1; t < results.size(); ++t)
      for (std::size_t i = 0; i < results[0].size(); ++i)
        EXPECT_TRUE(array_equal(results[t][i], results[0][i])) << to_string(shape) << i;
  }
  parallel::set_threads(before);
}

TEST(LayerNormalization, IsWhatItsFormulaSays) {
  const Array x = numbers({3, 50}), gamma = numbers({50}, 1), beta = numbers({50}, 2);
  const Variable h = plain(x, vector({1, 1, 1}), vector({0, 0, 0}), 1, 1e-5);
  EXPECT_THAT(values(layer_normalization(x, gamma, beta)),
              Pointwise(Near(1e-13), values(h * gamma + beta)));
  EXPECT_NO_THROW(testing::check_function({
      .f = [](const Variables& v) { return Variables{layer_normalization(v[0], v[1], v[2], 0.1)}; },
      .x = {numbers({3, 5}), numbers({5}, 1), numbers({5}, 2)},
  }));
  EXPECT_EQ(layer_normalization(x.slice(0, 0, 0), gamma, beta).shape(), (Shape{0, 50}));
}

TEST(GroupNormalization, IsWhatItsFormulaSays) {
  const Array x = numbers({2, 6, 3, 5}), gamma = numbers({6}, 1), beta = numbers({6}, 2);
  const Variable h = reshape(plain(x.reshape({2, 3, 2, 3, 5}), numbers({2, 3}) * 0.0 + 1.0,
                                   numbers({2, 3}) * 0.0, {2, 3, 4}, 1e-5),
                             x.shape());
  EXPECT_THAT(values(group_normalization(x, 3, gamma, beta)),
              Pointwise(Near(1e-13), values(bias(scale(h, gamma), beta))));
  EXPECT_NO_THROW(
      testing::check_function({.f =
                                   [](const Variables& v) {
                                     return Variables{group_normalization(v[0], 2, v[1], v[2], 0.1),
                                                      group_normalization(v[0], 1, v[1], v[2])};
                                   },
                               .x = {numbers({2, 4, 3}), numbers({4}, 1), numbers({4}, 2)}}));
  EXPECT_EQ(group_normalization(x.slice(0, 0, 0), 2, gamma, beta).shape(), (Shape{0, 6, 3, 5}));
}

TEST(LocalResponseNormalization, LooksAtNeighbouringChannels) {
  const Array x = matrix({1, 4}, {1, 2, 3, 4});
  // n = 3: sums of squares 5, 14, 29, 25; n = 2 has the same neighbours.
  for (const int n : {3, 2})
    EXPECT_THAT(values(local_response_normalization(x, {.n = n, .k = 1, .alpha = 2, .beta = 0.5})),
                Pointwise(Near(1e-14), {1 / std::sqrt(11), 2 / std::sqrt(29), 3 / std::sqrt(59),
                                        4 / std::sqrt(51)}));
  EXPECT_NO_THROW(testing::check_function(
      {.f =
           [](const Variables& v) {
             return Variables{local_response_normalization(v[0], {.alpha = 0.3}),
                              local_response_normalization(v[0], {.n = 1, .alpha = 0.3})};
           },
       .x = {numbers({2, 7, 3})}}));
  EXPECT_EQ(local_response_normalization(numbers({0, 3, 2, 2})).shape(), (Shape{0, 3, 2, 2}));
}

TEST(Normalize, DividesByTheLength) {
  EXPECT_THAT(values(normalize(matrix({2, 2}, {3, 4, 0, 0}), 1)), ElementsAre(0.5, 4. / 6, 0, 0));
  EXPECT_THAT(values(normalize(matrix({2, 2}, {3, 4, 4, 0}), 0, 0)), ElementsAre(0.6, 1, 0.8, 0));
  EXPECT_NO_THROW(testing::check_function(
      {.f =
           [](const Variables& v) {
             return Variables{normalize(v[0]), normalize(v[0], 0.1, {0, 2})};
           },
       .x = {numbers({2, 3, 5})}}));
  const Variable zero(matrix({1, 2}, {0, 0}));
  const Variable y = normalize(zero, 0.25);
  Variable(y).set_grad(matrix({1, 2}, {1, 2}));
  y.backward();
  EXPECT_THAT(values(zero.grad()), ElementsAre(4, 8));
}

TEST(Normalization, SaysWhatIsWrong) {
  const Array x = numbers({4, 3, 2}), three = numbers({3}), four = numbers({4});
  EXPECT_EQ(message_of([&] { batch_normalization(x, four, four); }),
            "batch_normalization: gamma must have the shape (3), that of the channels, but x is "
            "float64(4, 3, 2), gamma is float64(4) and beta is float64(4)");
  EXPECT_EQ(message_of([&] { batch_normalization(x, three, four); }),
            "batch_normalization: beta must have the shape (3), that of the channels, but x is "
            "float64(4, 3, 2), gamma is float64(3) and beta is float64(4)");
  EXPECT_EQ(message_of([&] {
              batch_normalization(x, three, three, {.axis = {0, 3}});
            }),
            "batch_normalization: axis must be in [-3, 3) for an array of 3 axes, but it is 3");
  EXPECT_EQ(message_of([&] { batch_normalization(x, three, three, {.running_mean = three}); }),
            "batch_normalization: running_mean and running_var must be given both or not at all, "
            "but one is missing");
  EXPECT_EQ(message_of([&] {
              batch_normalization(x, three, three, {.running_mean = four, .running_var = four});
            }),
            "batch_normalization: all arguments must have one shape, but gamma is float64(3), "
            "running_mean is float64(4) and running_var is float64(4)");
  EXPECT_EQ(message_of([&] { batch_normalization(x, three.astype(Dtype::float32), three); }),
            "batch_normalization: all arguments must have one dtype, but x is float64(4, 3, 2), "
            "gamma is float32(3) and beta is float64(3)");
  EXPECT_EQ(message_of([&] { fixed_batch_normalization(x, three, three, four, three); }),
            "fixed_batch_normalization: mean must have the shape (3), that of the channels, but x "
            "is float64(4, 3, 2), gamma is float64(3), beta is float64(3), mean is float64(4) and "
            "var is float64(3)");
  EXPECT_EQ(message_of([&] { layer_normalization(x, three, three); }),
            "layer_normalization: x must have 2 axes, but x is float64(4, 3, 2), gamma is "
            "float64(3) and beta is float64(3)");
  EXPECT_EQ(message_of([&] {
              layer_normalization(numbers({2, 4}), three, three);
            }),
            "layer_normalization: gamma and beta must be (x.shape[1]), but x is float64(2, 4), "
            "gamma is float64(3) and beta is float64(3)");
  EXPECT_EQ(message_of([&] { group_normalization(x, 2, three, three); }),
            "group_normalization: the channels must be divisible into 2 groups, but x is "
            "float64(4, 3, 2)");
  EXPECT_EQ(message_of([&] { group_normalization(x, 0, three, three); }),
            "group_normalization: the channels must be divisible into 0 groups, but x is "
            "float64(4, 3, 2)");
  EXPECT_EQ(message_of([&] { local_response_normalization(three); }),
            "local_response_normalization: x must have at least 2 axes, but x is float64(3)");
  EXPECT_EQ(message_of([&] { local_response_normalization(x, {.n = 0}); }),
            "local_response_normalization: n must be at least 1, but it is 0");
  EXPECT_EQ(message_of([&] { normalize(three); }),
            "normalize: axis must be in [-1, 1) for an array of 1 axes, but it is 1");
}

}  // namespace
}  // namespace autograd
