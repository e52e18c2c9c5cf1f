#pragma once

#include "autograd/kernels/ops/all.h"
#include "tests/cases/row.h"
#include "tests/cases/special_references.h"

// One row for every elementwise op: what it must give, how exactly, and where.
namespace autograd::cases {

// Constants that an op's declaration rounds to the number's type are rounded in the reference as
// well: the row says what the op makes of the constant that it is given.
inline constexpr R kTwoOverRootPi = 2 / 1.77245385090551602729816748334114518L;

// w x, and 0 where w is 0.
inline R weighted_product(R w, R x) { return w == 0 ? 0 : w * x; }

// ---- activations

template <>
struct Row<ops::Sigmoid> : Defaults {
  static std::vector<ops::Sigmoid> ops() { return {{}}; }
  static constexpr Ulps value_ulps{3, 2.5}, slope_ulps{1.5, 1.5};
  static constexpr bool flushes = true;
  static R value(ops::Sigmoid, R x) {
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
  }
  static R slope(ops::Sigmoid, R y) { return y * (1 - y); }
  static std::vector<Range> smooth() { return {{-3, 3}}; }
};

template <>
struct Row<ops::Tanh> : Defaults {
  static std::vector<ops::Tanh> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{1, 1};
  static R value(ops::Tanh, R x) { return std::tanh(x); }
  static R slope(ops::Tanh, R y) { return 1 - y * y; }
  static R slope_scale(ops::Tanh, R y) { return 1 + y * y; }
  static std::vector<Range> smooth() { return {{-2, 2}}; }
};

template <>
struct Row<ops::Softplus> : Defaults {
  static std::vector<ops::Softplus> ops() { return {{1}, {2}, {0.5}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{3, 3};
  static constexpr bool flushes = true, slope_flushes = true;
  static R value(ops::Softplus op, R x) {
    const R b = op.beta;
    return (std::fmax(b * x, 0) + std::log1p(std::exp(-std::abs(b * x)))) / b +
           0 * (is_nan(x) ? x : 0);
  }
  static R slope(ops::Softplus op, R x) { return Row<ops::Sigmoid>::value({}, op.beta * x); }
  static std::vector<Range> smooth() { return {{-3, 3}}; }
};

template <>
struct Row<ops::Relu> : Defaults {
  static std::vector<ops::Relu> ops() { return {{}}; }
  static R value(ops::Relu, R x) { return x > 0 || is_nan(x) ? x : 0; }
  static R slope(ops::Relu, R y) { return y > 0; }
};

template <>
struct Row<ops::LeakyRelu> : Defaults {
  static std::vector<ops::LeakyRelu> ops() { return {{0.25}, {0}, {-2}}; }
  static R value(ops::LeakyRelu op, R x) { return x <= 0 ? op.negative_slope * x : x; }
  static R slope(ops::LeakyRelu op, R x) { return x > 0 ? 1 : op.negative_slope; }
};

template <>
struct Row<ops::Elu> : Defaults {
  static std::vector<ops::Elu> ops() { return {{1}, {0.5}}; }
  static constexpr Ulps value_ulps{2, 1.5}, slope_ulps{2, 1.5};
  static constexpr bool slope_flushes = true;
  static R value(ops::Elu op, R x) { return x > 0 ? x : op.alpha * std::expm1(x); }
  static R slope(ops::Elu op, R x) { return x > 0 ? 1 : op.alpha * std::exp(x); }
  static std::vector<Range> smooth() { return {{-2, -0.3}}; }
};

template <>
struct Row<ops::HardSigmoid> : Defaults {
  static std::vector<ops::HardSigmoid> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 1}, slope_ulps{0.5, 0.5};
  static R value(ops::HardSigmoid, R x) {
    return is_nan(x) ? x : std::fmin(std::fmax(0.2L * x + 0.5L, 0), 1);
  }
  static R scale(ops::HardSigmoid, R) { return 0.5L; }  // the sum cancels near x = -2.5
  static R slope(ops::HardSigmoid, R x) { return x > -2.5L && x < 2.5L ? 0.2L : 0; }
  static std::vector<Range> smooth() { return {{-2, 2}}; }
};

template <>
struct Row<ops::ClippedRelu> : Defaults {
  static std::vector<ops::ClippedRelu> ops() { return {{20}, {6}}; }
  static R value(ops::ClippedRelu op, R x) {
    return is_nan(x) ? x : std::fmin(std::fmax(x, 0), op.z);
  }
  static R slope(ops::ClippedRelu op, R x) { return x > 0 && x < op.z; }
};

// ---- arithmetic

struct Binary : Defaults {
  static std::vector<std::vector<Range>> ranges() {
    return {{{-3, 3}, {-30, 30}}, {{-3, 3}, {-30, 30}}};
  }
  static std::vector<Range> smooth() { return {{0.3, 2}, {2.5, 4}}; }
};

template <>
struct Row<ops::Add> : Binary {
  static std::vector<ops::Add> ops() { return {{}}; }
  static R value(ops::Add, R a, R b) { return a + b; }
};
template <>
struct Row<ops::Sub> : Binary {
  static std::vector<ops::Sub> ops() { return {{}}; }
  static R value(ops::Sub, R a, R b) { return a - b; }
};
template <>
struct Row<ops::Mul> : Binary {
  static std::vector<ops::Mul> ops() { return {{}}; }
  static R value(ops::Mul, R a, R b) { return a * b; }
  static R slope_a(ops::Mul, R, R b) { return b; }
  static R slope_b(ops::Mul, R a, R) { return a; }
};
template <>
struct Row<ops::Div> : Binary {
  static std::vector<ops::Div> ops() { return {{}}; }
  static constexpr Ulps slope_ulps{1.5, 1.5};
  static constexpr bool slope_flushes = true;
  static constexpr bool slope_tails = false;  // a / b may be subnormal, and have lost digits
  static R value(ops::Div, R a, R b) { return a / b; }
  static R slope_a(ops::Div, R, R b) { return 1 / b; }
  static R slope_b(ops::Div, R a, R b) { return -(a / b) / b; }
};
template <>
struct Row<ops::FloorDiv> : Binary {
  static std::vector<ops::FloorDiv> ops() { return {{}}; }
  // Exact up to the whole numbers that the type holds; beyond them a quotient of two rounded steps.
  static constexpr Ulps value_ulps{1.5, 1.5};
  static R value(ops::FloorDiv, R a, R b) {
    const R rest = std::fmod(a, b);
    if (b == 0) return a / b;
    return std::round((a - rest) / b) - (rest != 0 && (rest < 0) != (b < 0) ? 1 : 0);
  }
  static std::vector<Range> smooth() { return {{7.3, 7.6}, {2.0, 2.3}}; }
};
template <>
struct Row<ops::Weighted> : Binary {
  static std::vector<ops::Weighted> ops() { return {{}}; }
  static R value(ops::Weighted, R w, R x) { return weighted_product(w, x); }
  static R slope_a(ops::Weighted, R, R x) { return x; }
  static R slope_b(ops::Weighted, R w, R) { return w; }
};
template <>
struct Row<ops::OneMinusSquare> : Defaults {
  static std::vector<ops::OneMinusSquare> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5};
  static R value(ops::OneMinusSquare, R x) { return (1 - x) * (1 + x); }
  static R slope(ops::OneMinusSquare, R x) { return -2 * x; }
};
template <>
struct Row<ops::Neg> : Defaults {
  static std::vector<ops::Neg> ops() { return {{}}; }
  static R value(ops::Neg, R x) { return -x; }
};
template <>
struct Row<ops::AddConstant> : Defaults {
  static std::vector<ops::AddConstant> ops() { return {{1.5}, {-1}}; }
  static R value(ops::AddConstant op, R x) { return x + op.c; }
};
template <>
struct Row<ops::SubFromConstant> : Defaults {
  static std::vector<ops::SubFromConstant> ops() { return {{1.5}, {0}}; }
  static R value(ops::SubFromConstant op, R x) { return op.c - x; }
};
template <>
struct Row<ops::MulConstant> : Defaults {
  static std::vector<ops::MulConstant> ops() { return {{1.5}, {-0.25}, {0}}; }
  static R value(ops::MulConstant op, R x) { return x * op.c; }
};
template <>
struct Row<ops::DivFromConstant> : Defaults {
  static std::vector<ops::DivFromConstant> ops() { return {{1}, {-1.5}}; }
  static constexpr Ulps slope_ulps{1.5, 1.5};
  static constexpr bool slope_flushes = true;
  static R value(ops::DivFromConstant op, R x) { return op.c / x; }
  static R slope(ops::DivFromConstant op, R x) { return -(op.c / x) / x; }
};

template <>
struct Row<ops::Pow> : Binary {
  static std::vector<ops::Pow> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 1}, slope_ulps{2, 2};
  static constexpr bool slope_flushes = true;
  static constexpr bool slope_tails = false;
  static R value(ops::Pow, R a, R b) { return std::pow(a, b); }
  static R slope_a(ops::Pow, R a, R b) { return weighted_product(b, std::pow(a, b - 1)); }
  // Rounding b - 1 moves a^(b - 1) by as many ulps as (b - 1) log(a).
  static R slope_scale_a(ops::Pow, R a, R b) {
    return slope_a({}, a, b) * (1 + std::abs((b - 1) * std::log(std::abs(a))));
  }
  static R slope_b(ops::Pow, R a, R b) {
    return a < 0 ? std::log(a) : weighted_product(std::pow(a, b), std::log(a));
  }
  static std::vector<std::vector<Range>> ranges() {
    return {{{0, 3}, {0, 100}, {-3, 3}}, {{-3, 3}, {-10, 10}}};
  }
};
template <>
struct Row<ops::PowConstant> : Defaults {
  static std::vector<ops::PowConstant> ops() {
    return {{0}, {1}, {2}, {3}, {4}, {0.5}, {-1}, {-2}, {2.5}};
  }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{2, 2};
  static constexpr bool slope_flushes = true;
  // A power of 1/2 is the square root, NaN at -inf.
  static R value(ops::PowConstant op, R x) { return power(x, op.c); }
  static R slope(ops::PowConstant op, R x) { return op.c == 0 ? 0 : op.c * power(x, op.c - 1); }
  static R power(R x, R c) { return c == 0.5L ? std::sqrt(x) : std::pow(x, c); }
};
template <>
struct Row<ops::ConstantPow> : Defaults {
  static std::vector<ops::ConstantPow> ops() {
    return {{2, std::log(2.0)}, {0.5, std::log(0.5)}, {1, 0}, {0, -INFINITY}};
  }
  static constexpr Ulps value_ulps{1, 1}, slope_ulps{1, 1};
  static R value(ops::ConstantPow op, R x) { return std::pow(static_cast<R>(op.c), x); }
  static R slope(ops::ConstantPow op, R y) { return weighted_product(y, op.log_c); }
};

template <>
struct Row<ops::Maximum> : Binary {
  static std::vector<ops::Maximum> ops() { return {{}}; }
  static R value(ops::Maximum, R a, R b) { return is_nan(a) || a >= b ? a : b; }
  static R slope_a(ops::Maximum, R a, R b) { return a >= b; }
  static R slope_b(ops::Maximum, R a, R b) { return a < b; }
};
template <>
struct Row<ops::Minimum> : Binary {
  static std::vector<ops::Minimum> ops() { return {{}}; }
  static R value(ops::Minimum, R a, R b) { return is_nan(a) || a <= b ? a : b; }
  static R slope_a(ops::Minimum, R a, R b) { return a <= b; }
  static R slope_b(ops::Minimum, R a, R b) { return a > b; }
};
template <>
struct Row<ops::Clip> : Defaults {
  static std::vector<ops::Clip> ops() { return {{-1, 2.5}, {-INFINITY, 1}}; }
  static R value(ops::Clip op, R x) {
    return x < op.x_min ? op.x_min : x > op.x_max ? op.x_max : x;
  }
  static R slope(ops::Clip op, R x) { return x >= op.x_min && x <= op.x_max; }
  static std::vector<Range> smooth() { return {{-0.9, 0.9}}; }
};
template <>
struct Row<ops::Absolute> : Defaults {
  static std::vector<ops::Absolute> ops() { return {{}}; }
  static R value(ops::Absolute, R x) { return std::abs(x); }
  static R slope(ops::Absolute, R x) { return is_nan(x) ? x : (x > 0) - (x < 0); }
  static std::vector<Range> smooth() { return {{-2, -0.3}}; }
};
template <>
struct Row<ops::Square> : Defaults {
  static std::vector<ops::Square> ops() { return {{}}; }
  static R value(ops::Square, R x) { return x * x; }
  static R slope(ops::Square, R x) { return 2 * x; }
  static std::vector<Range> smooth() { return {{-2, 2}}; }
};
template <>
struct Row<ops::Fmod> : Binary {
  static std::vector<ops::Fmod> ops() { return {{}}; }
  static constexpr Ulps value_ulps{0, 0}, slope_ulps{1.5, 1.5};
  static constexpr bool slope_tails = false;
  static R value(ops::Fmod, R a, R b) { return std::fmod(a, b); }
  static R slope_b(ops::Fmod, R a, R b) { return (std::fmod(a, b) - a) / b; }
  static std::vector<Range> smooth() { return {{7.3, 7.6}, {2.0, 2.3}}; }
};
template <>
struct Row<ops::Sign> : Defaults {
  static std::vector<ops::Sign> ops() { return {{}}; }
  static R value(ops::Sign, R x) { return is_nan(x) ? x : (x > 0) - (x < 0); }
};
template <>
struct Row<ops::Floor> : Defaults {
  static std::vector<ops::Floor> ops() { return {{}}; }
  static R value(ops::Floor, R x) { return std::floor(x); }
  static std::vector<Range> smooth() { return {{1.1, 1.9}}; }
};
template <>
struct Row<ops::Ceil> : Defaults {
  static std::vector<ops::Ceil> ops() { return {{}}; }
  static R value(ops::Ceil, R x) { return std::ceil(x); }
  static std::vector<Range> smooth() { return {{1.1, 1.9}}; }
};
template <>
struct Row<ops::Fix> : Defaults {
  static std::vector<ops::Fix> ops() { return {{}}; }
  static R value(ops::Fix, R x) { return std::trunc(x); }
  static std::vector<Range> smooth() { return {{1.1, 1.9}}; }
};

// ---- exponentials

template <>
struct Row<ops::Exp> : Defaults {
  static std::vector<ops::Exp> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1}, slope_ulps{0, 0};
  static constexpr bool flushes = true;
  static R value(ops::Exp, R x) { return std::exp(x); }
  static R slope(ops::Exp, R y) { return y; }
};
template <>
struct Row<ops::Expm1> : Defaults {
  static std::vector<ops::Expm1> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 1.5}, slope_ulps{1.5, 1};
  static constexpr bool slope_flushes = true;
  static R value(ops::Expm1, R x) { return std::expm1(x); }
  static R slope(ops::Expm1, R x) { return std::exp(x); }
};
struct Positive : Defaults {
  static std::vector<std::vector<Range>> ranges() { return {{{0, 3}, {0.9, 1.1}, {0, 1000}}}; }
};
template <>
struct Row<ops::Log> : Positive {
  static std::vector<ops::Log> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 1}, slope_ulps{0.5, 0.5};
  static R value(ops::Log, R x) { return std::log(x); }
  static R slope(ops::Log, R x) { return 1 / x; }
};
template <>
struct Row<ops::Log1p> : Positive {
  static std::vector<ops::Log1p> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 1}, slope_ulps{1.5, 1.5};
  static R value(ops::Log1p, R x) { return std::log1p(x); }
  static R slope(ops::Log1p, R x) { return 1 / (x + 1); }
  static std::vector<std::vector<Range>> ranges() { return {{{-1, 3}, {-1e-3, 1e-3}, {0, 1000}}}; }
};
template <>
struct Row<ops::Log2> : Positive {
  static std::vector<ops::Log2> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 1}, slope_ulps{1, 1};
  static R value(ops::Log2, R x) { return std::log2(x); }
  static R slope(ops::Log2, R x) { return 1 / (x * std::numbers::ln2_v<R>); }
};
template <>
struct Row<ops::Log10> : Positive {
  static std::vector<ops::Log10> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 1}, slope_ulps{1, 1};
  static R value(ops::Log10, R x) { return std::log10(x); }
  static R slope(ops::Log10, R x) { return 1 / (x * std::numbers::ln10_v<R>); }
};
template <>
struct Row<ops::Sqrt> : Positive {
  static std::vector<ops::Sqrt> ops() { return {{}}; }
  static R value(ops::Sqrt, R x) { return std::sqrt(x); }
  static R slope(ops::Sqrt, R y) { return 0.5L / y; }
};
template <>
struct Row<ops::Rsqrt> : Positive {
  static std::vector<ops::Rsqrt> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{1.5, 1.5};
  static constexpr bool slope_flushes = true;
  static R value(ops::Rsqrt, R x) { return 1 / std::sqrt(x); }
  static R slope(ops::Rsqrt, R y) { return -0.5L * y * y * y; }
};
template <>
struct Row<ops::Sinh> : Defaults {
  static std::vector<ops::Sinh> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 1.5}, slope_ulps{2, 1.5};
  static R value(ops::Sinh, R x) { return std::sinh(x); }
  static R slope(ops::Sinh, R x) { return std::cosh(x); }
};
template <>
struct Row<ops::Cosh> : Defaults {
  static std::vector<ops::Cosh> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 1.5}, slope_ulps{2, 1.5};
  static R value(ops::Cosh, R x) { return std::cosh(x); }
  static R slope(ops::Cosh, R x) { return std::sinh(x); }
};
template <>
struct Row<ops::Erf> : Defaults {
  static std::vector<ops::Erf> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2.5, 1}, slope_ulps{2.5, 2};
  static constexpr bool slope_flushes = true;
  static R value(ops::Erf, R x) { return std::erf(x); }
  static R slope(ops::Erf, R x) { return kTwoOverRootPi * std::exp(-x * x); }
  // Rounding x^2 moves e^(-x^2) by as many ulps as x^2 / 2.
  static R slope_scale(ops::Erf, R x) { return slope({}, x) * (1 + x * x); }
};
template <>
struct Row<ops::Erfc> : Defaults {
  static std::vector<ops::Erfc> ops() { return {{}}; }
  static constexpr Ulps value_ulps{3, 3.5}, slope_ulps{2.5, 2};
  static constexpr bool slope_flushes = true;
  static R value(ops::Erfc, R x) { return std::erfc(x); }
  static R slope(ops::Erfc, R x) { return -kTwoOverRootPi * std::exp(-x * x); }
  static R slope_scale(ops::Erfc, R x) { return slope({}, x) * (1 + x * x); }
};

// ---- trigonometry

template <>
struct Row<ops::Sin> : Defaults {
  static std::vector<ops::Sin> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{1.5, 1.5};
  static R value(ops::Sin, R x) { return std::sin(x); }
  static R slope(ops::Sin, R x) { return std::cos(x); }
};
template <>
struct Row<ops::Cos> : Defaults {
  static std::vector<ops::Cos> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{1.5, 1.5};
  static R value(ops::Cos, R x) { return std::cos(x); }
  static R slope(ops::Cos, R x) { return -std::sin(x); }
};
template <>
struct Row<ops::Tan> : Defaults {
  static std::vector<ops::Tan> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2.5, 2.5}, slope_ulps{1, 1};
  static R value(ops::Tan, R x) { return std::tan(x); }
  static R slope(ops::Tan, R y) { return 1 + y * y; }
  static std::vector<Range> smooth() { return {{-1, 1}}; }
};
struct Unit : Defaults {
  static std::vector<std::vector<Range>> ranges() {
    return {{{-1, 1}, {-1e-3, 1e-3}, {0.99, 1}, {-1, -0.99}}};
  }
  static std::vector<Range> smooth() { return {{-0.7, 0.7}}; }
};
template <>
struct Row<ops::Arcsin> : Unit {
  static std::vector<ops::Arcsin> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2.5, 1.5}, slope_ulps{2, 2};
  static constexpr bool slope_tails = false;
  static R value(ops::Arcsin, R x) { return std::asin(x); }
  static R slope(ops::Arcsin, R x) { return 1 / std::sqrt((1 - x) * (1 + x)); }
};
template <>
struct Row<ops::Arccos> : Unit {
  static std::vector<ops::Arccos> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{2, 2};
  static constexpr bool slope_tails = false;
  static R value(ops::Arccos, R x) { return std::acos(x); }
  static R slope(ops::Arccos, R x) { return -1 / std::sqrt((1 - x) * (1 + x)); }
};
template <>
struct Row<ops::Arctan> : Defaults {
  static std::vector<ops::Arctan> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 1.5}, slope_ulps{2, 2};
  static constexpr bool slope_flushes = true;
  static R value(ops::Arctan, R x) { return std::atan(x); }
  static R slope(ops::Arctan, R x) { return 1 / (1 + x * x); }
};
template <>
struct Row<ops::Arctanh> : Unit {
  static std::vector<ops::Arctanh> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{2, 2};
  static constexpr bool slope_flushes = true;
  static constexpr bool slope_tails = false;
  static R value(ops::Arctanh, R x) { return std::atanh(x); }
  static R slope(ops::Arctanh, R x) { return 1 / ((1 - x) * (1 + x)); }
};
template <>
struct Row<ops::Arctan2> : Binary {
  static std::vector<ops::Arctan2> ops() { return {{}}; }
  // Of the slopes: two quotients, twice each, their squares' sum, and three quotients more.
  static constexpr Ulps value_ulps{2.5, 2.5}, slope_ulps{4, 4};
  static constexpr bool slope_flushes = true;
  static constexpr bool slope_tails = false;  // a quotient may be subnormal, and have lost digits
  static R value(ops::Arctan2, R a, R b) { return std::atan2(a, b); }
  static R slope_a(ops::Arctan2, R a, R b) {
    return !is_nan(a) && !is_nan(b) && std::isinf(std::fmax(std::abs(a), std::abs(b)))
               ? 0
               : b / (a * a + b * b);
  }
  static R slope_b(ops::Arctan2, R a, R b) { return -slope_a({}, b, a); }
};

// ---- losses

template <>
struct Row<ops::SquaredError> : Binary {
  static std::vector<ops::SquaredError> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{0.5, 0.5};
  static R value(ops::SquaredError, R a, R b) { return (a - b) * (a - b); }
  static R slope_a(ops::SquaredError, R a, R b) { return 2 * (a - b); }
  static R slope_b(ops::SquaredError, R a, R b) { return 2 * (b - a); }
};
template <>
struct Row<ops::AbsoluteError> : Binary {
  static std::vector<ops::AbsoluteError> ops() { return {{}}; }
  static R value(ops::AbsoluteError, R a, R b) { return std::abs(a - b); }
  static R slope_a(ops::AbsoluteError, R a, R b) { return Row<ops::Sign>::value({}, a - b); }
  static R slope_b(ops::AbsoluteError, R a, R b) { return Row<ops::Sign>::value({}, b - a); }
};
// log(1 + e^y) - x y
inline R bernoulli_term(R x, R y) {
  const R size = std::abs(y);
  return std::log1p(std::exp(-size)) + weighted_product(y > 0 ? 1 - x : x, size);
}

template <>
struct Row<ops::BernoulliNll> : Binary {
  static std::vector<ops::BernoulliNll> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{2, 2};
  static constexpr bool flushes = true, slope_flushes = true;
  static constexpr bool tails = false;
  static R value(ops::BernoulliNll, R x, R y) { return bernoulli_term(x, y); }
  static R slope_a(ops::BernoulliNll, R, R y) { return -y; }
  static R slope_b(ops::BernoulliNll, R x, R y) { return Row<ops::Sigmoid>::value({}, y) - x; }
  static R scale(ops::BernoulliNll, R x, R y) {
    return Row<ops::Softplus>::value({1}, y) + std::abs(x * y);
  }
  static R slope_scale_b(ops::BernoulliNll, R x, R y) {
    return Row<ops::Sigmoid>::value({}, y) + std::abs(x);
  }
  static std::vector<std::vector<Range>> ranges() { return {{{0, 1}}, {{-3, 3}, {-100, 100}}}; }
};
template <>
struct Row<ops::GaussianNll> : Defaults {
  static std::vector<ops::GaussianNll> ops() { return {{}}; }
  // The residual, the exponential (1.5 and 1 ulps) and their product make up 2.5 ulps of z, which
  // count twice in its square; that is halved in the value.
  static constexpr Ulps value_ulps{3.5, 3}, slope_ulps{6, 5};
  static constexpr bool slope_flushes = true;
  static constexpr bool tails = false;
  static R standardized(R x, R m, R s) { return weighted_product(x - m, std::exp(-s / 2)); }
  static R value(ops::GaussianNll, R x, R m, R s) {
    const R z = standardized(x, m, s);
    return 0.5L * (std::log(2 * std::numbers::pi_v<R>) + (std::isinf(z) ? z * z : s + z * z));
  }
  static R slope_a(ops::GaussianNll, R x, R m, R s) {
    return weighted_product(standardized(x, m, s), std::exp(-s / 2));
  }
  static R slope_b(ops::GaussianNll, R x, R m, R s) { return slope_a({}, m, x, s); }
  static R slope_c(ops::GaussianNll, R x, R m, R s) {
    const R z = standardized(x, m, s);
    return 0.5L * (1 - z * z);
  }
  static R scale(ops::GaussianNll, R x, R m, R s) {
    return 2 + std::abs(s) + (x - m) * (x - m) * std::exp(-s);
  }
  static R slope_scale_c(ops::GaussianNll, R x, R m, R s) {
    return 0.5L * (1 + (x - m) * (x - m) * std::exp(-s));
  }
  static std::vector<std::vector<Range>> ranges() {
    return {{{-3, 3}}, {{-3, 3}}, {{-5, 5}, {-30, 30}}};
  }
  static std::vector<Range> smooth() { return {{-2, 2}, {-2, 2}, {-1, 1}}; }
};
template <>
struct Row<ops::GaussianKl> : Binary {
  static std::vector<ops::GaussianKl> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{2, 1.5};
  static constexpr bool tails = false;
  static R value(ops::GaussianKl, R m, R s) {
    return 0.5L * (m * m + (s > 1e30L ? std::expm1(s) : std::expm1(s) - s));
  }
  static R slope_a(ops::GaussianKl, R m, R) { return m; }
  static R slope_b(ops::GaussianKl, R, R s) { return 0.5L * std::expm1(s); }
  static R scale(ops::GaussianKl, R m, R s) {
    return 0.5L * (m * m + std::abs(std::expm1(s)) + std::abs(s));
  }
};
template <>
struct Row<ops::Gaussian> : Defaults {
  static std::vector<ops::Gaussian> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2.5, 2}, slope_ulps{2.5, 2};
  static constexpr bool slope_flushes = true;
  static constexpr bool tails = false;
  static R value(ops::Gaussian, R m, R s, R e) { return m + weighted_product(e, std::exp(s / 2)); }
  static R slope_b(ops::Gaussian, R, R s, R e) { return weighted_product(e, std::exp(s / 2) / 2); }
  static R slope_c(ops::Gaussian, R, R s, R) { return std::exp(s / 2); }
  static R scale(ops::Gaussian, R m, R s, R e) {
    return std::abs(m) + std::exp(s / 2) * std::abs(e);
  }
  static std::vector<std::vector<Range>> ranges() {
    return {{{-3, 3}}, {{-5, 5}, {-30, 30}}, {{-3, 3}}};
  }
  static std::vector<Range> smooth() { return {{-2, 2}, {-1, 1}, {-2, 2}}; }
};

template <>
struct Row<ops::Huber> : Binary {
  static std::vector<ops::Huber> ops() { return {{1}, {2.5}}; }
  static constexpr Ulps value_ulps{2.5, 2.5}, slope_ulps{0.5, 0.5};
  static constexpr bool tails = false;
  static R value(ops::Huber op, R a, R b) {
    const R d = std::abs(a - b), delta = op.delta;
    return d > delta ? delta * (d - delta / 2) : d * d / 2;
  }
  static R slope_a(ops::Huber op, R a, R b) {
    return is_nan(a - b) ? a - b : std::fmin(std::fmax(a - b, -op.delta), op.delta);
  }
  static R slope_b(ops::Huber op, R a, R b) { return slope_a(op, b, a); }
  static std::vector<Range> smooth() { return {{0.3, 0.5}, {0.8, 1.2}}; }
};
template <>
struct Row<ops::SigmoidCrossEntropy> : Binary {
  static std::vector<bool> no_grads() { return {false, true}; }
  static std::vector<ops::SigmoidCrossEntropy> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{2, 2};
  static constexpr bool flushes = true, slope_flushes = true, tails = false;
  static R value(ops::SigmoidCrossEntropy, R x, R t) { return t < 0 ? 0 : bernoulli_term(t, x); }
  static R slope_a(ops::SigmoidCrossEntropy, R x, R t) {
    return t < 0 ? 0 : Row<ops::Sigmoid>::value({}, x) - t;
  }
  static R scale(ops::SigmoidCrossEntropy, R x, R t) {
    return Row<ops::Softplus>::value({1}, x) + std::abs(x * t);
  }
  static R slope_scale_a(ops::SigmoidCrossEntropy, R x, R t) {
    return Row<ops::Sigmoid>::value({}, x) + std::abs(t);
  }
  static std::vector<std::vector<Range>> ranges() { return {{{-3, 3}, {-100, 100}}, {{-0.5, 1}}}; }
  static std::vector<Range> smooth() { return {{-2, 2}, {0, 1}}; }
};
template <>
struct Row<ops::BernoulliLogProb> : Binary {
  static std::vector<bool> no_grads() { return {false, true}; }
  static std::vector<ops::BernoulliLogProb> ops() { return {{false}, {true}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{2, 2};
  static constexpr bool flushes = true, slope_flushes = true, tails = false;
  static R value(ops::BernoulliLogProb op, R logit, R x) {
    if (op.binary_check && x != 0 && x != 1) return -INFINITY;
    if (std::isinf(logit)) return (logit > 0 ? x >= 1 : x <= 0) ? 0 : -INFINITY;
    return -bernoulli_term(x, logit);
  }
  static R slope_a(ops::BernoulliLogProb op, R logit, R x) {
    return op.binary_check && x != 0 && x != 1 ? static_cast<R>(NAN)
                                               : x - Row<ops::Sigmoid>::value({}, logit);
  }
  static R scale(ops::BernoulliLogProb, R logit, R x) {
    return std::abs(logit * (x - 1)) + Row<ops::Softplus>::value({1}, -logit);
  }
  static R slope_scale_a(ops::BernoulliLogProb, R logit, R x) {
    return std::abs(x) + Row<ops::Sigmoid>::value({}, logit);
  }
  static std::vector<std::vector<Range>> ranges() { return {{{-3, 3}, {-100, 100}}, {{0, 1}}}; }
  static std::vector<Range> smooth() { return {{-2, 2}, {1, 1}}; }
};

// ---- with a second input

template <>
struct Row<ops::Prelu> : Binary {
  static std::vector<ops::Prelu> ops() { return {{}}; }
  static R value(ops::Prelu, R x, R w) { return x >= 0 ? x : w * x; }
  static R slope_a(ops::Prelu, R x, R w) { return x >= 0 ? 1 : w; }
  static R slope_b(ops::Prelu, R x, R) { return x >= 0 ? 0 : x; }
  static std::vector<Range> smooth() { return {{-2, -0.3}, {0.3, 2}}; }
};
template <>
struct Row<ops::Swish> : Binary {
  static std::vector<ops::Swish> ops() { return {{}}; }
  static constexpr Ulps value_ulps{3, 3}, slope_ulps{5, 5};
  static constexpr bool flushes = true, slope_flushes = true, tails = false;
  static R sigmoid_at(R x, R beta) {
    return Row<ops::Sigmoid>::value({}, weighted_product(beta, x));
  }
  static R value(ops::Swish, R x, R beta) { return weighted_product(sigmoid_at(x, beta), x); }
  static R slope_a(ops::Swish, R x, R beta) {
    const R s = sigmoid_at(x, beta);
    return s + weighted_product(s * sigmoid_at(-x, beta), weighted_product(beta, x));
  }
  static R slope_b(ops::Swish, R x, R beta) {
    const R s = sigmoid_at(x, beta) * sigmoid_at(-x, beta);
    return weighted_product(weighted_product(s, x), x);
  }
  // Rounding beta x moves the sigmoid by as many ulps as |beta x|.
  static R scale(ops::Swish, R x, R beta) { return value({}, x, beta) * (1 + std::abs(beta * x)); }
  static R slope_scale_a(ops::Swish, R x, R beta) {
    const R z = std::abs(beta * x);
    return Row<ops::Sigmoid>::value({}, beta * x) * (1 + z) * (1 + z);
  }
  static R slope_scale_b(ops::Swish, R x, R beta) {
    return x * x * Row<ops::Sigmoid>::value({}, beta * x) * (1 + std::abs(beta * x));
  }
  // Far to the left the sigmoid vanishes a little before its product with x would.
  static std::vector<std::vector<Range>> ranges() { return {{{-8, 8}}, {{-8, 8}}}; }
};
template <>
struct Row<ops::ExpDifference> : Binary {
  static std::vector<ops::ExpDifference> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1.5, 1.5}, slope_ulps{1.5, 1.5};
  static constexpr bool flushes = true, slope_flushes = true, tails = false;
  static R value(ops::ExpDifference, R a, R b) { return std::exp(a - b); }
  static R slope_a(ops::ExpDifference, R a, R b) { return std::exp(a - b); }
  static R slope_b(ops::ExpDifference, R a, R b) { return -std::exp(a - b); }
  // Rounding a - b moves the exponential by as many ulps as |a - b|.
  static R scale(ops::ExpDifference, R a, R b) { return std::exp(a - b) * (1 + std::abs(a - b)); }
  static R slope_scale(ops::ExpDifference, R a, R b) {
    return std::exp(a - b) * (1 + std::abs(a - b));
  }
};

// ---- special functions

// Computed in double from sums of some ten terms, each rounded: 8 ulps.
struct Gammas : Positive {
  static constexpr bool tails = false;
  static std::vector<std::vector<Range>> ranges() {
    return {{{0.01, 3}, {3, 100}, {-1, -1e-6}, {-20, -1}}};
  }
};
template <>
struct Row<ops::Lgamma> : Gammas {
  static std::vector<ops::Lgamma> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 8}, slope_ulps{1, 8};
  static R value(ops::Lgamma, R x) { return std::lgamma(x); }
  static R slope(ops::Lgamma, R x) { return digamma(x); }
  static R scale(ops::Lgamma, R x) { return std::fmax(std::abs(std::lgamma(x)), 1); }
  static R slope_scale(ops::Lgamma, R x) { return std::fmax(std::abs(digamma(x)), 1); }
};
template <>
struct Row<ops::Digamma> : Gammas {
  static std::vector<ops::Digamma> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 8}, slope_ulps{1, 8};
  static R value(ops::Digamma, R x) { return digamma(x); }
  static R slope(ops::Digamma, R x) { return polygamma(1, x); }
  static R scale(ops::Digamma, R x) { return std::fmax(std::abs(digamma(x)), 1); }
  static R slope_scale(ops::Digamma, R x) { return polygamma_scale(1, x); }
};
template <>
struct Row<ops::Polygamma> : Gammas {
  static std::vector<ops::Polygamma> ops() { return {{1}, {2}, {4}}; }
  static constexpr Ulps value_ulps{1, 8}, slope_ulps{1, 8};
  static R value(ops::Polygamma op, R x) { return polygamma(op.n, x); }
  static R slope(ops::Polygamma op, R x) { return polygamma(op.n + 1, x); }
  static R scale(ops::Polygamma op, R x) { return polygamma_scale(op.n, x); }
  static R slope_scale(ops::Polygamma op, R x) { return polygamma_scale(op.n + 1, x); }
};
template <>
struct Row<ops::Erfinv> : Unit {
  static std::vector<ops::Erfinv> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 3}, slope_ulps{3, 3};
  static constexpr bool tails = false;
  static R value(ops::Erfinv, R x) { return erfinv(x); }
  static R slope(ops::Erfinv, R y) { return std::exp(y * y) / kTwoOverRootPi; }
  static R slope_scale(ops::Erfinv, R y) { return slope({}, y) * (1 + y * y); }
};
template <>
struct Row<ops::Erfcinv> : Defaults {
  static std::vector<ops::Erfcinv> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 3}, slope_ulps{3, 3};
  static constexpr bool tails = false;
  static R value(ops::Erfcinv, R x) { return erfcinv(x); }
  static R slope(ops::Erfcinv, R y) { return -std::exp(y * y) / kTwoOverRootPi; }
  static R slope_scale(ops::Erfcinv, R y) { return slope({}, y) * (1 + y * y); }
  static std::vector<std::vector<Range>> ranges() { return {{{0, 2}, {0, 1e-3}}}; }
  static std::vector<Range> smooth() { return {{0.3, 1.7}}; }
};
template <>
struct Row<ops::Erfcx> : Defaults {
  static std::vector<ops::Erfcx> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 4}, slope_ulps{3, 5};
  static constexpr bool tails = false;
  static R value(ops::Erfcx, R x) { return erfcx(x); }
  static R slope(ops::Erfcx, R x) {
    if (x <= 4) return 2 * x * erfcx(x) - kTwoOverRootPi;
    R fraction = x;
    for (int k = 60; k >= 2; --k) fraction = x + k / (2 * fraction);
    return -erfcx(x) / fraction;
  }
  // Up to 4 it is a difference.
  static R slope_scale(ops::Erfcx, R x) {
    return x > 4 ? slope({}, x) : 2 * std::abs(x) * erfcx(x) + kTwoOverRootPi;
  }
  static std::vector<std::vector<Range>> ranges() { return {{{-5, 3}, {0, 100}}}; }
};
template <>
struct Row<ops::Ndtr> : Defaults {
  static std::vector<ops::Ndtr> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 4}, slope_ulps{3, 3};
  static constexpr bool tails = false, slope_flushes = true;
  static R value(ops::Ndtr, R x) { return ndtr(x); }
  static R slope(ops::Ndtr, R x) {
    return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<R>);
  }
  // Rounding x / sqrt(2) moves erfc by as many ulps as x^2; rounding x^2 moves the exponential
  // likewise.
  static R scale(ops::Ndtr, R x) { return x < 0 ? ndtr(x) * (1 + x * x) : 1; }
  static R slope_scale(ops::Ndtr, R x) { return slope({}, x) * (1 + x * x); }
};
template <>
struct Row<ops::LogNdtr> : Defaults {
  static std::vector<ops::LogNdtr> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 4}, slope_ulps{3, 5};
  static constexpr bool tails = false, slope_flushes = true;
  static R value(ops::LogNdtr, R x) { return log_ndtr(x); }
  static R slope(ops::LogNdtr, R x) {
    return std::sqrt(2 / std::numbers::pi_v<R>) / erfcx(-x * std::sqrt(0.5L));
  }
  static R scale(ops::LogNdtr, R x) { return log_ndtr(x) * (1 + (x > 0 ? x * x : 0)); }
  static R slope_scale(ops::LogNdtr, R x) { return slope({}, x) * (1 + x * x); }
  static std::vector<std::vector<Range>> ranges() { return {{{-3, 3}, {-100, 5}}}; }
};
template <>
struct Row<ops::Ndtri> : Defaults {
  static std::vector<ops::Ndtri> ops() { return {{}}; }
  static constexpr Ulps value_ulps{1, 4}, slope_ulps{3, 3};
  static constexpr bool tails = false;
  static R value(ops::Ndtri, R x) { return ndtri(x); }
  static R slope(ops::Ndtri, R y) {
    return std::sqrt(2 * std::numbers::pi_v<R>) * std::exp(y * y / 2);
  }
  static R slope_scale(ops::Ndtri, R y) { return slope({}, y) * (1 + y * y); }
  static std::vector<std::vector<Range>> ranges() { return {{{0, 1}, {0, 1e-3}}}; }
  static std::vector<Range> smooth() { return {{0.2, 0.8}}; }
};
template <>
struct Row<ops::XLogX> : Positive {
  static std::vector<ops::XLogX> ops() { return {{}}; }
  static constexpr Ulps value_ulps{2, 2}, slope_ulps{1.5, 1.5};
  static R value(ops::XLogX, R x) { return x <= 0 ? 0 : x * std::log(x); }
  static R slope(ops::XLogX, R x) { return x <= 0 ? 0 : 1 + std::log(x); }
  static R slope_scale(ops::XLogX, R x) { return x <= 0 ? 0 : 1 + std::abs(std::log(x)); }
};

template <class Op>
inline constexpr bool has_row = requires {
  sizeof(Row<Op>);
};
template <class... Op>
consteval bool all_have_rows(ops::List<Op...>) {
  static_assert((has_row<Op> && ...),
                "every elementwise op needs a row in tests/cases/elementwise_cases.h");
  return true;
}
static_assert(all_have_rows(ops::All{}));

}  // namespace autograd::cases
