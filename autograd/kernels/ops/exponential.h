#pragma once

#include "autograd/kernels/ops/op.h"

namespace autograd::ops {

struct Exp {
  static constexpr std::string_view name = "exp", label = "exp";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return exp(x); }
  template <class V> V slope(V y) const { return y; }
};

struct Expm1 {
  static constexpr std::string_view name = "expm1", label = "expm1";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return expm1(x); }
  template <class V> V slope(V x) const { return exp(x); }  // 1 more than the value cancels
};

struct Log {
  static constexpr std::string_view name = "log", label = "log";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return log(x); }
  template <class V> V slope(V x) const { return 1 / x; }
};

struct Log1p {
  static constexpr std::string_view name = "log1p", label = "log1p";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return log1p(x); }
  template <class V> V slope(V x) const { return 1 / (x + 1); }
};

struct Log2 {
  static constexpr std::string_view name = "log2", label = "log2";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return log2(x); }
  template <class V> V slope(V x) const { return 1.4426950408889634 / x; }  // 1 / ln 2
};

struct Log10 {
  static constexpr std::string_view name = "log10", label = "log10";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return log10(x); }
  template <class V> V slope(V x) const { return 0.43429448190325182 / x; }  // 1 / ln 10
};

struct Sqrt {
  static constexpr std::string_view name = "sqrt", label = "sqrt";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return sqrt(x); }
  template <class V> V slope(V y) const { return 0.5 / y; }
};

struct Rsqrt {
  static constexpr std::string_view name = "rsqrt", label = "rsqrt";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return 1 / sqrt(x); }
  template <class V> V slope(V y) const { return -0.5 * y * y * y; }
};

struct Sinh {
  static constexpr std::string_view name = "sinh", label = "sinh";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return sinh(x); }
  template <class V> V slope(V x) const { return cosh(x); }
};

struct Cosh {
  static constexpr std::string_view name = "cosh", label = "cosh";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return cosh(x); }
  template <class V> V slope(V x) const { return sinh(x); }
};

struct Erf {
  static constexpr std::string_view name = "erf", label = "erf";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return erf(x); }
  // The factor is 2 / sqrt(pi).
  template <class V> V slope(V x) const { return 1.1283791670955126 * exp(-x * x); }
};

struct Erfc {
  static constexpr std::string_view name = "erfc", label = "erfc";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return erfc(x); }
  template <class V> V slope(V x) const { return -1.1283791670955126 * exp(-x * x); }
};

// e^(a - b): the terms of softmax and logsumexp, with b the maximum of a.
struct ExpDifference {
  static constexpr std::string_view name = "exp_difference", label = "exp(_ - _)";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return exp(a - b); }
  template <class V> V slope_a(V a, V b) const { return exp(a - b); }
  template <class V> V slope_b(V a, V b) const { return -exp(a - b); }
};

using Exponential =
    List<Exp, ExpDifference, Expm1, Log, Log1p, Log2, Log10, Sqrt, Rsqrt, Sinh, Cosh, Erf, Erfc>;

}  // namespace autograd::ops
