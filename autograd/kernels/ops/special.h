#pragma once

#include "autograd/kernels/ops/op.h"

namespace autograd::ops {

// log |gamma(x)|
struct Lgamma {
  static constexpr std::string_view name = "lgamma", label = "lgamma";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return lgamma(x); }
  template <class V> V slope(V x) const { return digamma(x); }
};

struct Digamma {
  static constexpr std::string_view name = "digamma", label = "digamma";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return digamma(x); }
  template <class V> V slope(V x) const { return polygamma(1, x); }
};

struct Polygamma {
  static constexpr std::string_view name = "polygamma", label = "polygamma";
  static constexpr Keep keep = Keep::inputs;
  int n;
  template <class F> void parameters(const F& each) const { each("n", n); }
  template <class V> V value(V x) const { return polygamma(n, x); }
  template <class V> V slope(V x) const { return polygamma(n + 1, x); }
};

struct Erfinv {
  static constexpr std::string_view name = "erfinv", label = "erfinv";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return erfinv(x); }
  template <class V> V slope(V y) const { return 0.886226925452758 * exp(y * y); }  // sqrt(pi) / 2
};

struct Erfcinv {
  static constexpr std::string_view name = "erfcinv", label = "erfcinv";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return erfcinv(x); }
  template <class V> V slope(V y) const { return -0.886226925452758 * exp(y * y); }
};

// e^(x^2) erfc(x)
struct Erfcx {
  static constexpr std::string_view name = "erfcx", label = "erfcx";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return erfcx(x); }
  // 2 x erfcx(x) - 2 / sqrt(pi). For large x the digits cancel; there the slope is computed from
  // the continued fraction 7.1.14 of Abramowitz and Stegun: -erfcx(x) / (x + 1 / (x + (3 / 2) / (x
  // + 2 / (x + ...)))).
  template <class V> V slope(V x) const {
    const V far = maximum(x, kFar);
    V fraction = far;
    for (int k = kTerms; k >= 2; --k) fraction = far + 0.5 * k / fraction;
    return select(x > kFar, -(erfcx(x) / fraction), 2 * x * erfcx(x) - 1.1283791670955126);
  }

 private:
  static constexpr double kFar = 4;
  static constexpr int kTerms = 24;  // of which the rest is below the last digit from kFar on
};

// The cumulative distribution function of the standard normal.
struct Ndtr {
  static constexpr std::string_view name = "ndtr", label = "ndtr";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return ndtr(x); }
  // The factor is 1 / sqrt(2 pi).
  template <class V> V slope(V x) const { return 0.3989422804014327 * exp(-0.5 * x * x); }
};

struct LogNdtr {
  static constexpr std::string_view name = "log_ndtr", label = "log_ndtr";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return log_ndtr(x); }
  // The density divided by the distribution function. Far to the left both underflow; there the
  // slope is Mills's continued fraction, -x + 1 / (-x + 2 / (-x + 3 / (-x + ...))).
  template <class V> V slope(V x) const {
    const V far = maximum(-x, kFar);
    V fraction = far;
    for (int k = kTerms; k >= 1; --k) fraction = far + k / fraction;
    return select(x < -kFar, fraction, 0.3989422804014327 * exp(-0.5 * x * x) / ndtr(x));
  }

 private:
  static constexpr double kFar = 6;
  static constexpr int kTerms = 24;  // of which the rest is below the last digit from kFar on
};

struct Ndtri {
  static constexpr std::string_view name = "ndtri", label = "ndtri";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return ndtri(x); }
  // The factor is sqrt(2 pi).
  template <class V> V slope(V y) const { return 2.5066282746310002 * exp(0.5 * y * y); }
};

// x log(x), 0 at 0 and below, where the slope is 0, too.
struct XLogX {
  static constexpr std::string_view name = "xlogx", label = "xlogx";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return select(x <= 0, 0, x * log(x)); }
  template <class V> V slope(V x) const { return select(x <= 0, 0, 1 + log(x)); }
};

using Special =
    List<Lgamma, Digamma, Polygamma, Erfinv, Erfcinv, Erfcx, Ndtr, LogNdtr, Ndtri, XLogX>;

}  // namespace autograd::ops
