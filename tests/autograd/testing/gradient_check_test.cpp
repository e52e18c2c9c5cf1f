#include "autograd/testing/gradient_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/function_node.h"
#include "tests/message.h"

namespace autograd::testing {
namespace {

using ::testing::HasSubstr;

// x^3 with a derivative that is wrong by a factor.
class Cube final : public FunctionNode {
 public:
  explicit Cube(double factor, bool wrong_twice = false)
      : factor_(factor), wrong_twice_(wrong_twice) {}

 private:
  std::string_view name() const override { return "cube"; }
  Array forward(const Inputs& x) override {
    retain_inputs({0});
    const Variable v = as_variable(x[0]);
    return (v * v * v).array();
  }
  Grads backward(const Variable& gy) override {
    const Variable x = retained_input(0);
    if (wrong_twice_) return {gy * 3 * Variable(square(x).array(), {.requires_grad = false})};
    return {gy * (3 * factor_) * square(x)};
  }

  double factor_;
  bool wrong_twice_;
};

Array points(const Shape& shape) {
  Array x = Array::empty(shape, Dtype::float64);
  for (std::int64_t i = 0; i < x.size(); ++i)
    x.mutable_data<double>()[i] = std::sin(0.7 + static_cast<double>(i));
  return x;
}

TEST(GradientCheck, PassesForARightDerivative) {
  check_backward([](const Variable& x) { return apply<Cube>({x}, 1.0); }, {points({3, 4})});
  check_double_backward([](const Variable& x) { return apply<Cube>({x}, 1.0); }, {points({3, 4})});
  check_backward([](const Variable& x) { return apply<Cube>({x}, 1.0); }, {points({3})},
                 {points({3})});
}

TEST(GradientCheck, SaysWhatIsWrong) {
  const std::string message = message_of([] {
    check_backward([](const Variable& x) { return apply<Cube>({x}, 1.5); }, {Array::of({2.0})},
                   {Array::of({1.0})}, {.name = "cube"});
  });
  EXPECT_THAT(message, HasSubstr("cube: the gradient must agree with central differences, but "
                                 "along a random direction it is "));
  EXPECT_THAT(message, HasSubstr("18"));
  EXPECT_THAT(
      message,
      HasSubstr(", a difference of 6 where 1.2e-07 is allowed (steps 0.001 and 0.0005 alone: "));
}

TEST(GradientCheck, SeesAConstantRoundedToFloat32) {
  const double factor = static_cast<double>(1.1f) / 1.1;
  EXPECT_THROW(
      check_backward([&](const Variable& x) { return apply<Cube>({x}, factor); }, {points({3, 4})}),
      Error);
}

TEST(GradientCheck, SeesOneWrongElementOfMany) {
  const auto f = [](const Variable& x) {
    Array weight = Array::zeros({1000}, Dtype::float64);
    weight.mutable_data<double>()[123] = 1;
    return apply<Cube>({x}, 1.0) + apply<Cube>({x * weight}, 1 + 1e-3);
  };
  EXPECT_THROW(check_backward(f, {points({1000})}), Error);
}

TEST(GradientCheck, SeesAWrongSecondDerivative) {
  const auto f = [](const Variable& x) { return apply<Cube>({x}, 1.0, true); };
  check_backward(f, {points({5})});
  EXPECT_THAT(
      message_of([&] { check_double_backward(f, {points({5})}, {}, {}, {.name = "cube"}); }),
      HasSubstr("cube: the gradient of the gradient must agree"));
}

TEST(GradientCheck, TakesSeveralInputsOutputsAndIntegers) {
  const Array labels = Array::of<std::int32_t>({1, 2});
  const auto f = [](const Variables& x) {
    return Variables{x[0] * x[1], Variable(), sum(exp(x[1])), x[2]};
  };
  check_backward(f, {points({2}), points({3, 2}), labels});
  check_double_backward(f, {points({2}), points({3, 2}), labels});
}

TEST(GradientCheck, ChecksParametersAndPutsThemBack) {
  Variable w(Array::of({1.f, 2.f}), {.name = "w"});
  const auto f = [&](const Variable& x) { return x * tanh(w); };
  check_backward(f, {points({3, 2})}, {}, {.params = {w}});
  check_double_backward(f, {points({3, 2})}, {}, {}, {.params = {w}});
  EXPECT_EQ(w.dtype(), Dtype::float32);
  EXPECT_EQ(w.name(), "w");
  EXPECT_TRUE(array_equal(w.array(), Array::of({1.f, 2.f})));
  const auto wrong = [&](const Variable& x) { return x * apply<Cube>({w}, 2.0); };
  EXPECT_THROW(check_backward(wrong, {points({3, 2})}, {}, {.params = {w}}), Error);
}

TEST(GradientCheck, LeavesOutWhatHasNoDerivative) {
  const auto f = [](const Variable& x, const Variable& step) { return x * sign(step); };
  check_backward(f, {points({3}), Array::of({1.0, 1e-5, -2.0})}, {}, {.no_grads = {false, true}});
}

TEST(GradientCheck, NumericalGradientIsElementwise) {
  const Array x = Array::of({0.5, -1.0});
  const Arrays g =
      numerical_grad([](const Variable& v) { return v * v * v; }, {x}, {Array::of({1.0, 2.0})});
  assert_allclose(g[0], Array::of({0.75, 6.0}), 3e-6,
                  0);  // truncation: eps^2 = 1e-6, times the weight
}

TEST(GradientCheck, WantsOneWeightForEachOutput) {
  const auto f = [](const Variable& x) { return x; };
  EXPECT_EQ(message_of([&] {
              check_backward(f, {points({2})}, {points({2}), points({2})}, {.name = "f"});
            }),
            "f: there must be one y_grad for each output, but there are 2 for 1");
  EXPECT_EQ(message_of([&] { check_backward(f, {points({2})}, {points({3})}, {.name = "f"}); }),
            "f: a y_grad must have the shape of its output, but output 0 is float64(2) and its "
            "y_grad float64(3)");
}

TEST(CheckFunction, RunsEveryLayout) {
  check_function({.f = [](const Variable& x) { return tanh(x); },
                  .x = {points({3, 4})},
                  .elementwise = true,
                  .empty_batch = true});
  check_function({.f = [](const Variable& a, const Variable& b) { return a * b; },
                  .x = {points({2, 3, 4}), points({2, 3, 4})},
                  .elementwise = true});
  check_function({.f = [](const Variable& x) { return sum(transpose(x) * 2, 0); },
                  .x = {points({3, 5})},
                  .empty_batch = true});
}

TEST(CheckFunction, FindsAFunctionThatIgnoresStrides) {
  const auto f = [](const Variable& x) {
    return x * Array::from(std::span(x.array().data<double>(), 12), Shape{3, 4});
  };
  EXPECT_THROW(check_function({.f = f, .x = {points({3, 4})}}), Error);
}

TEST(Layouts, HoldTheSameNumbers) {
  const Array x = points({3, 4});
  std::string names;
  for (const Layout& layout : layouts(x)) {
    EXPECT_TRUE(array_equal(layout.array, x)) << layout.name;
    names += layout.name + "; ";
  }
  EXPECT_EQ(
      names,
      "contiguous; off by one element; transposed; last axes swapped; part of a larger array; "
      "every second element; backwards; ");
}

TEST(AssertAllclose, ComparesSpecialsAndSaysWhere) {
  const double inf = INFINITY, nan = NAN;
  assert_allclose(Array::of({1.0, inf, nan}), Array::of({1.00001, inf, nan}));
  EXPECT_EQ(message_of([&] {
              assert_allclose(Array::of<double>({1, 2, 3, 4}, Shape{2, 2}),
                              Array::of<double>({1, 2, 3.5, 4}, Shape{2, 2}));
            }),
            "assert_allclose: the arrays must agree within 1e-05 + 0.0001 |expected|, but 1 of 4 "
            "elements do not, and at (1, 0) the value is 3 where 3.5 is expected");
  EXPECT_THROW(assert_allclose(Array::of({nan}), Array::of({1.0})), Error);
  EXPECT_THROW(assert_allclose(Array::of({inf}), Array::of({-inf})), Error);
  EXPECT_EQ(
      message_of([&] {
        assert_allclose(Array::of({1.0}), Array::of({1.f, 2.f}));
      }),
      "assert_allclose: both arrays must have one shape, but they are float64(1) and float32(2)");
}

}  // namespace
}  // namespace autograd::testing
