#include "autograd/functions/math/basic_math.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <limits>

#include "autograd/array/arithmetic.h"
#include "autograd/array/compare.h"
#include "autograd/base/check.h"
#include "autograd/functions/support/align.h"
#include "autograd/functions/support/elementwise.h"

namespace autograd::inline functions {

namespace {

// A single floating operand is met by a copy of the other in its dtype. Without any, the operator of
// arrays does the work, and nothing is recorded.
template <class Op, class OfArrays>
Variable arithmetic(const Op& op, const OfArrays& of_arrays, const Variable& a, const Variable& b) {
  const bool floats = is_float(a.dtype());
  if (floats == is_float(b.dtype()))
    return floats ? elementwise(op, a, b) : as_variable(of_arrays(a.array(), b.array()));
  return floats ? elementwise(op, a, b.array().astype(a.dtype()))
                : elementwise(op, a.array().astype(b.dtype()), b);
}

// `op` holds the plain number that x meets, or else, without floating operands, `of_array` gets it.
template <class Op, class OfArray>
Variable with_number(const Op& op, const OfArray& of_array, const Variable& x, double number) {
  if (is_float(x.dtype())) return elementwise(op, x);
  const bool whole = std::trunc(number) == number && std::abs(number) < 1e15;
  return as_variable(of_array(whole ? number_for(x.dtype(), static_cast<std::int64_t>(number))
                                    : number_for(x.dtype(), number)));
}

}  // namespace

Variable operator+(const Variable& a, const Variable& b) {
  return arithmetic(ops::Add{}, std::plus<>(), a, b);
}
Variable operator+(const Variable& a, double b) {
  return with_number(
      ops::AddConstant{b}, [&](const Array& n) { return a.array() + n; }, a, b);
}
Variable operator+(double a, const Variable& b) { return b + a; }
Variable operator-(const Variable& a, const Variable& b) {
  return arithmetic(ops::Sub{}, std::minus<>(), a, b);
}
Variable operator-(const Variable& a, double b) {
  return with_number(
      ops::AddConstant{-b}, [&](const Array& n) { return a.array() - n; }, a, b);
}
Variable operator-(double a, const Variable& b) {
  return with_number(
      ops::SubFromConstant{a}, [&](const Array& n) { return n - b.array(); }, b, a);
}
Variable operator*(const Variable& a, const Variable& b) {
  return arithmetic(ops::Mul{}, std::multiplies<>(), a, b);
}
Variable operator*(const Variable& a, double b) {
  return with_number(
      ops::MulConstant{b}, [&](const Array& n) { return a.array() * n; }, a, b);
}
Variable operator*(double a, const Variable& b) { return b * a; }
Variable operator/(const Variable& a, const Variable& b) {
  return arithmetic(ops::Div{}, std::divides<>(), a, b);
}
Variable operator/(const Variable& a, double b) {
  // Where the dtype cannot hold the reciprocal of b, it is b that is divided by.
  const double reciprocal = 1 / b, size = std::abs(reciprocal);
  const bool lost = visit_float(a.dtype(), [&]<class T>(std::type_identity<T>) {
    return size < std::numeric_limits<T>::min() || size > std::numeric_limits<T>::max();
  });
  if (is_float(a.dtype()) && lost) return elementwise(ops::Div{}, a, Array::full({}, b, a.dtype()));
  return with_number(
      ops::MulConstant{reciprocal}, [&](const Array& n) { return a.array() / n; }, a, b);
}
Variable operator/(double a, const Variable& b) {
  return with_number(
      ops::DivFromConstant{a}, [&](const Array& n) { return n / b.array(); }, b, a);
}
Variable operator-(const Variable& x) {
  return is_float(x.dtype()) ? elementwise(ops::Neg{}, x) : as_variable(-x.array());
}

Variable add(const VariableList& xs) {
  if (xs.empty()) throw Error("add: at least one variable must be given, but there is none");
  Variable y = xs[0];
  for (std::size_t i = 1; i < xs.size(); ++i) y += xs[i];
  return y;
}

Variable bias(const Variable& x, const Variable& y, int axis) {
  return x + aligned("bias", "y", y, x, axis);
}
Variable scale(const Variable& x, const Variable& y, int axis) {
  return x * aligned("scale", "y", y, x, axis);
}

Variable linear_interpolate(const Variable& p, const Variable& x, const Variable& y) {
  Check("linear_interpolate", {{"p", p}, {"x", x}, {"y", y}}).floats().same_shape();
  return p * x + (1 - p) * y;
}

namespace {

// w x, 0 where w is 0. There the gradient of x is 0, too, however great the one that arrives.
class WeightedProduct final : public FunctionNode {
  std::string_view name() const override { return ops::Weighted::name; }
  std::string label() const override { return std::string(ops::Weighted::label); }
  Array forward(const Inputs& x) override {
    retain_inputs({0, 1});
    return map(ops::Weighted{}, x[0], x[1]);
  }
  Grads backward(const Variable& gy) override {
    const Variable w = retained_input(0), x = retained_input(1);
    const Shape& shape = gy.shape();
    return when_needed([&] { return fit(weighted(gy, x), shape, input_shape(0)); },
                       [&] { return fit(weighted(w, gy), shape, input_shape(1)); });
  }
};

}  // namespace

Variable weighted(const Variable& w, const Variable& x) { return apply<WeightedProduct>({w, x}); }

Variable pow(const Variable& a, const Variable& b) { return elementwise(ops::Pow{}, a, b); }
Variable pow(const Variable& a, double b) { return elementwise(ops::PowConstant{b}, a); }
Variable pow(double a, const Variable& b) {
  return elementwise(ops::ConstantPow{a, std::log(a)}, b);
}

// A step has no graph: its result is a constant.
template <class Op>
static Variable step(const Op& op, const Variable& x) {
  return as_variable(map(op, x.array()));
}

Variable sign(const Variable& x) {
  if (!is_integer(x.dtype())) return step(ops::Sign{}, x);
  const Array zero = Array::zeros({}, x.dtype());
  return as_variable(array::greater(x.array(), zero).astype(x.dtype()) -
                     array::greater(zero, x.array()).astype(x.dtype()));
}
Variable floor(const Variable& x) { return step(ops::Floor{}, x); }
Variable ceil(const Variable& x) { return step(ops::Ceil{}, x); }
Variable fix(const Variable& x) { return step(ops::Fix{}, x); }

Variable floordiv(const Variable& a, const Variable& b) {
  return as_variable(map(ops::FloorDiv{}, a.array(), b.array()));
}
Variable floordiv(const Variable& a, double b) {
  return floordiv(a, Array::full({}, b, a.dtype()));
}
Variable floordiv(double a, const Variable& b) {
  return floordiv(Array::full({}, a, b.dtype()), b);
}

Variable absolute(const Variable& x) { return elementwise(ops::Absolute{}, x); }
Variable square(const Variable& x) { return elementwise(ops::Square{}, x); }
Variable maximum(const Variable& a, const Variable& b) { return elementwise(ops::Maximum{}, a, b); }
Variable maximum(const Variable& a, double b) { return maximum(a, Array::full({}, b, a.dtype())); }
Variable minimum(const Variable& a, const Variable& b) { return elementwise(ops::Minimum{}, a, b); }
Variable minimum(const Variable& a, double b) { return minimum(a, Array::full({}, b, a.dtype())); }
Variable fmod(const Variable& a, const Variable& b) { return elementwise(ops::Fmod{}, a, b); }

Variable clip(const Variable& x, double x_min, double x_max) {
  if (!(x_min <= x_max))
    throw Error(
        fmt::format("clip: x_min must not be above x_max, but they are {} and {}", x_min, x_max));
  return elementwise(ops::Clip{x_min, x_max}, x);
}

}  // namespace autograd::inline functions
