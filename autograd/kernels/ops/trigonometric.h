#pragma once

#include "autograd/kernels/ops/op.h"

namespace autograd::ops {

struct Sin {
  static constexpr std::string_view name = "sin", label = "sin";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return sin(x); }
  template <class V> V slope(V x) const { return cos(x); }
};

struct Cos {
  static constexpr std::string_view name = "cos", label = "cos";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return cos(x); }
  template <class V> V slope(V x) const { return -sin(x); }
};

struct Tan {
  static constexpr std::string_view name = "tan", label = "tan";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return tan(x); }
  template <class V> V slope(V y) const { return 1 + y * y; }
};

struct Arcsin {
  static constexpr std::string_view name = "arcsin", label = "arcsin";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return arcsin(x); }
  template <class V> V slope(V x) const { return 1 / sqrt(one_minus_square(x)); }
};

struct Arccos {
  static constexpr std::string_view name = "arccos", label = "arccos";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return arccos(x); }
  template <class V> V slope(V x) const { return -1 / sqrt(one_minus_square(x)); }
};

struct Arctan {
  static constexpr std::string_view name = "arctan", label = "arctan";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return arctan(x); }
  template <class V> V slope(V x) const { return 1 / (1 + x * x); }
};

struct Arctanh {
  static constexpr std::string_view name = "arctanh", label = "arctanh";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return arctanh(x); }
  template <class V> V slope(V x) const { return 1 / one_minus_square(x); }
};

// The angle of the point (b, a). For the slopes the point is scaled to near the unit circle,
// because the squares of a and b may overflow or underflow.
struct Arctan2 {
  static constexpr std::string_view name = "arctan2", label = "arctan2";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return arctan2(a, b); }
  template <class V> V slope_a(V a, V b) const { return scaled(a, b, b); }
  template <class V> V slope_b(V a, V b) const { return scaled(a, b, -a); }

 private:
  // c / (a^2 + b^2), where c is a or b up to sign. The scale is a constant for differentiation,
  // because the result does not depend on it.
  template <class V> static V scaled(V a, V b, V c) {
    const V scale = constant(maximum(absolute(a), absolute(b)));
    const V u = a / scale, v = b / scale;
    return select(scale >= __builtin_inf(), 0, c / scale / (u * u + v * v) / scale);
  }
};

using Trigonometric = List<Sin, Cos, Tan, Arcsin, Arccos, Arctan, Arctanh, Arctan2>;

}  // namespace autograd::ops
