#pragma once

#include "autograd/kernels/ops/op.h"

namespace autograd::ops {

struct Add {
  static constexpr std::string_view name = "add", label = "_ + _";
  static constexpr Keep keep = Keep::nothing;
  template <class V> V value(V a, V b) const { return a + b; }
  double slope_a() const { return 1; }
  double slope_b() const { return 1; }
};

struct Sub {
  static constexpr std::string_view name = "sub", label = "_ - _";
  static constexpr Keep keep = Keep::nothing;
  template <class V> V value(V a, V b) const { return a - b; }
  double slope_a() const { return 1; }
  double slope_b() const { return -1; }
};

struct Mul {
  static constexpr std::string_view name = "mul", label = "_ * _";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return a * b; }
  template <class V> V slope_a(V, V b) const { return b; }
  template <class V> V slope_b(V a, V) const { return a; }
};

struct Div {
  static constexpr std::string_view name = "div", label = "_ / _";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return a / b; }
  template <class V> V slope_a(V, V b) const { return 1 / b; }
  // Not a / b^2: the square may overflow or vanish where the quotient does not.
  template <class V> V slope_b(V a, V b) const { return -(a / b) / b; }
};

// Python's a // b: the largest integer not above the exact quotient. The rounded quotient may be
// above the exact one: 1 / 0.1 is 10, but the double 0.1 is a little more than a tenth.
struct FloorDiv {
  static constexpr std::string_view name = "floordiv", label = "_ // _";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const {
    const V rest = fmod(a, b), quotient = (a - rest) / b;  // whole, but for its rounding
    const V down = floor(quotient), whole = select(quotient - down > 0.5, down + 1, down);
    const V y = select((rest < 0 && b > 0) || (rest > 0 && b < 0), whole - 1, whole);
    return select(b == 0, a / b, select(y == 0, copysign(V(0), a / b), y));
  }
};

struct Neg {
  static constexpr std::string_view name = "neg", label = "__neg__";
  static constexpr Keep keep = Keep::nothing;
  template <class V> V value(V x) const { return -x; }
  double slope_a() const { return -1; }
};

struct AddConstant {
  static constexpr std::string_view name = "add", label = "_ + #";
  static constexpr Keep keep = Keep::nothing;
  double c;
  template <class V> V value(V x) const { return x + c; }
  double slope_a() const { return 1; }
};

struct SubFromConstant {
  static constexpr std::string_view name = "sub", label = "# - _";
  static constexpr Keep keep = Keep::nothing;
  double c;
  template <class V> V value(V x) const { return c - x; }
  double slope_a() const { return -1; }
};

struct MulConstant {
  static constexpr std::string_view name = "mul", label = "_ * #";
  static constexpr Keep keep = Keep::nothing;
  double c;
  template <class V> V value(V x) const { return x * c; }
  double slope_a() const { return c; }
};

struct DivFromConstant {
  static constexpr std::string_view name = "div", label = "# / _";
  static constexpr Keep keep = Keep::inputs;
  double c;
  template <class V> V value(V x) const { return c / x; }
  template <class V> V slope(V x) const { return -(c / x) / x; }
};

// a^b. At a = 0 the slopes are the limits of their formulas, which give NaN there: 0 times an
// infinite logarithm or power.
struct Pow {
  static constexpr std::string_view name = "pow", label = "_ ** _";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return pow(a, b); }
  template <class V> V slope_a(V a, V b) const { return weighted(b, pow(a, b - 1)); }
  template <class V> V slope_b(V a, V b) const {
    const V y = pow(a, b);
    return select(absolute(y) <= 0 && a >= 0, 0, log(a) * y);
  }
};

// x ** c. The derivative of a constant power of 0 is c * 0^(c - 1), and 0 for c = 0.
struct PowConstant {
  static constexpr std::string_view name = "pow", label = "_ ** #";
  static constexpr Keep keep = Keep::inputs;
  double c;
  template <class V> V value(V x) const { return power(x, c); }
  template <class V> V slope(V x) const {
    if (c == 0) return select(x == x, 0, 0);
    return c * power(x, c - 1);
  }

 private:
  // Small integer powers are computed by multiplication: correct for any sign, and fast.
  template <class V> static V power(V x, double c) {
    if (c == 0) return select(x == x, 1, 1);
    if (c == 1) return x;
    if (c == 2) return x * x;
    if (c == 3) return x * x * x;
    if (c == 0.5) return sqrt(x);
    if (c == -1) return 1 / x;
    return pow(x, c);
  }
};

// c ** x
struct ConstantPow {
  static constexpr std::string_view name = "pow", label = "# ** _";
  static constexpr Keep keep = Keep::output;
  double c;
  double log_c;
  template <class V> V value(V x) const { return pow(c, x); }
  template <class V> V slope(V y) const { return select(absolute(y) <= 0, 0, log_c * y); }
};

// max(a, b). On a tie the first argument gets the whole gradient, as in Chainer.
struct Maximum {
  static constexpr std::string_view name = "maximum", label = "Maximum";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return maximum(a, b); }
  template <class V> V slope_a(V a, V b) const { return select(a >= b, 1, 0); }
  template <class V> V slope_b(V a, V b) const { return select(a < b, 1, 0); }
};

struct Minimum {
  static constexpr std::string_view name = "minimum", label = "Minimum";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return minimum(a, b); }
  template <class V> V slope_a(V a, V b) const { return select(a <= b, 1, 0); }
  template <class V> V slope_b(V a, V b) const { return select(a > b, 1, 0); }
};

// min(max(x, x_min), x_max). At both bounds the gradient passes.
struct Clip {
  static constexpr std::string_view name = "clip", label = "Clip";
  static constexpr Keep keep = Keep::inputs;
  double x_min, x_max;
  template <class F> void parameters(const F& each) const {
    each("x_min", x_min), each("x_max", x_max);
  }
  template <class V> V value(V x) const { return minimum(maximum(x, x_min), x_max); }
  template <class V> V slope(V x) const { return select(x >= x_min && x <= x_max, 1, 0); }
};

// |x|, with the derivative 0 at 0.
struct Absolute {
  static constexpr std::string_view name = "absolute", label = "|_|";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return absolute(x); }
  template <class V> V slope(V x) const { return sign(x); }
};

struct Square {
  static constexpr std::string_view name = "square", label = "square";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return x * x; }
  template <class V> V slope(V x) const { return 2 * x; }
};

// The remainder of a / b with the sign of a, as C's fmod.
struct Fmod {
  static constexpr std::string_view name = "fmod", label = "fmod";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return fmod(a, b); }
  template <class V> double slope_a(V, V) const { return 1; }
  // -trunc(a / b), exact for large quotients, too.
  template <class V> V slope_b(V a, V b) const { return (fmod(a, b) - a) / b; }
};

// Steps: no gradient flows through them.
struct Sign {
  static constexpr std::string_view name = "sign", label = "Sign";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return sign(x); }
};
struct Floor {
  static constexpr std::string_view name = "floor", label = "Floor";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return floor(x); }
};
struct Ceil {
  static constexpr std::string_view name = "ceil", label = "Ceil";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return ceil(x); }
};
struct Fix {
  static constexpr std::string_view name = "fix", label = "Fix";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return fix(x); }
};

// w x, but 0 where w is 0: a term of weight 0 does not count, even if x is infinite or NaN. The
// gradients of elementwise ops are such products.
struct Weighted {
  static constexpr std::string_view name = "mul", label = "_ * _";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V w, V x) const { return weighted(w, x); }
  template <class V> V slope_a(V, V x) const { return x; }
  template <class V> V slope_b(V w, V) const { return w; }
};

// 1 - x^2 = (1 - x)(1 + x). The slope -2 x is stated: derived from the product it would cancel near
// 0.
struct OneMinusSquare {
  static constexpr std::string_view name = "one_minus_square", label = "1 - _ ** 2";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return one_minus_square(x); }
  template <class V> V slope(V x) const { return -2 * x; }
};

using Arithmetic =
    List<Add, Sub, Mul, Div, FloorDiv, Weighted, OneMinusSquare, Neg, AddConstant, SubFromConstant,
         MulConstant, DivFromConstant, Pow, PowConstant, ConstantPow, Maximum, Minimum, Clip,
         Absolute, Square, Fmod, Sign, Floor, Ceil, Fix>;

}  // namespace autograd::ops
