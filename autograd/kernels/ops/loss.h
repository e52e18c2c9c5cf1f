#pragma once

#include "autograd/kernels/ops/op.h"

// The terms of the losses, element by element. Each can also be summed as it is computed, in one
// pass.
namespace autograd::ops {

// (a - b)^2
struct SquaredError {
  static constexpr std::string_view name = "squared_error", label = "SquaredError";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const {
    const V d = a - b;
    return d * d;
  }
  template <class V> V slope_a(V a, V b) const { return 2 * (a - b); }
  template <class V> V slope_b(V a, V b) const { return 2 * (b - a); }
};

// |a - b|, with the derivative 0 where they are equal.
struct AbsoluteError {
  static constexpr std::string_view name = "absolute_error", label = "AbsoluteError";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V a, V b) const { return absolute(a - b); }
  template <class V> V slope_a(V a, V b) const { return sign(a - b); }
  template <class V> V slope_b(V a, V b) const { return sign(b - a); }
};

// log(1 + e^y) - x y, and its slope by y, sigmoid(y) - x. For y > 0 both are computed from 1 - x
// and e^-y: the tail is accurate, and an infinite logit gives 0 where it predicts x correctly.
template <class V> V bernoulli_term(V x, V y) {
  return log1p_exp(-absolute(y)) + weighted(select(y > 0, 1 - x, x), absolute(y));
}
template <class V> V bernoulli_slope(V x, V y) {
  const V tail = sigmoid(select(y > 0, -y, y));
  return select(y > 0, 1 - x - tail, tail - x);
}

// -log p(x) for a Bernoulli variable with logit y: log(1 + e^y) - x y.
struct BernoulliNll {
  static constexpr std::string_view name = "bernoulli_nll", label = "BernoulliNLL";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V y) const { return bernoulli_term(x, y); }
  template <class V> V slope_a(V, V y) const { return -y; }
  template <class V> V slope_b(V x, V y) const { return bernoulli_slope(x, y); }
};

// -log p(x) for a Gaussian variable with the given mean and logarithm of the variance: (log(2 pi) +
// ln_var + (x - mean)^2 e^-ln_var) / 2. The residual is divided by the standard deviation before it
// is squared, because e^-ln_var may overflow, or the square of the residual underflow, where the
// product is representable.
struct GaussianNll {
  static constexpr std::string_view name = "gaussian_nll", label = "GaussianNLL";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V mean, V ln_var) const {
    const V z = weighted(x - mean, exp(-0.5 * ln_var)), square = z * z;
    const V sum = select(square == __builtin_inf(), square, ln_var + square);
    return 0.5 * (1.8378770664093453 + sum);
  }
  template <class V> V slope_a(V x, V mean, V ln_var) const {
    const V precision = exp(-0.5 * ln_var);  // its root
    return weighted(weighted(x - mean, precision), precision);
  }
  template <class V> V slope_b(V x, V mean, V ln_var) const { return slope_a(mean, x, ln_var); }
  template <class V> V slope_c(V x, V mean, V ln_var) const {
    const V z = weighted(x - mean, exp(-0.5 * ln_var));
    return 0.5 * (1 - z * z);
  }
};

// KL(N(mean, e^ln_var) || N(0, 1)) = (mean^2 + e^ln_var - ln_var - 1) / 2.
struct GaussianKl {
  static constexpr std::string_view name = "gaussian_kl_divergence", label = "GaussianKLDivergence";
  static constexpr Keep keep = Keep::inputs;
  // e^s - 1 - s is computed by expm1, because with exp the digits of a small divergence cancel. The
  // bound on s prevents inf - inf; e^s overflows long before s reaches it.
  template <class V> V value(V mean, V ln_var) const {
    return 0.5 * (mean * mean + (expm1(ln_var) - minimum(ln_var, 1e30)));
  }
  template <class V> V slope_a(V mean, V) const { return mean; }
  template <class V> V slope_b(V, V ln_var) const { return 0.5 * expm1(ln_var); }
};

// With d = a - b: d^2 / 2 for |d| <= delta, and beyond a line with the slope at delta.
struct Huber {
  static constexpr std::string_view name = "huber_loss", label = "HuberLoss";
  static constexpr Keep keep = Keep::inputs;
  double delta;
  template <class F> void parameters(const F& each) const { each("delta", delta); }
  template <class V> V value(V a, V b) const {
    const V d = absolute(a - b);
    return select(d > delta, delta * (d - 0.5 * delta), 0.5 * d * d);
  }
  template <class V> V slope_a(V a, V b) const { return minimum(maximum(a - b, -delta), delta); }
  template <class V> V slope_b(V a, V b) const { return minimum(maximum(b - a, -delta), delta); }
};

// log(1 + e^x) - t x for a label t of 0 or 1, and 0 for the label -1. Labels get no gradient.
struct SigmoidCrossEntropy {
  static constexpr std::string_view name = "sigmoid_cross_entropy", label = "SigmoidCrossEntropy";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V t) const { return select(t < 0, 0, bernoulli_term(t, x)); }
  template <class V> V slope_a(V x, V t) const { return select(t < 0, 0, bernoulli_slope(t, x)); }
};

// log p(x) of a Bernoulli variable with the given logit: logit (x - 1) - log(1 + e^-logit). For an
// infinite logit it is 0 at the certain value of x and -inf elsewhere. With binary_check it is
// -inf, and the slope NaN, where x is neither 0 nor 1. x gets no gradient.
struct BernoulliLogProb {
  static constexpr std::string_view name = "Bernoulli.log_prob", label = "BernoulliLogProb";
  static constexpr Keep keep = Keep::inputs;
  bool binary_check;
  template <class F> void parameters(const F& each) const { each("binary_check", binary_check); }
  template <class V> V value(V logit, V x) const {
    constexpr double inf = __builtin_inf();
    const V certain = select(logit > 0, select(x >= 1, 0, -inf), select(x <= 0, 0, -inf));
    const V y = select(absolute(logit) >= inf, certain, -bernoulli_term(x, logit));
    return binary_check ? select(x == 0 || x == 1, y, -inf) : y;
  }
  template <class V> V slope_a(V logit, V x) const {
    const V slope = -bernoulli_slope(x, logit);
    const auto binary = (x <= 0 && x >= 0) || (x <= 1 && x >= 1);
    return binary_check ? select(binary, slope, __builtin_nan("")) : slope;
  }
};

// A sample from N(mean, e^ln_var), given noise eps from N(0, 1): mean + e^(ln_var / 2) eps.
struct Gaussian {
  static constexpr std::string_view name = "gaussian", label = "Gaussian";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V mean, V ln_var, V eps) const {
    return mean + weighted(eps, exp(0.5 * ln_var));
  }
  template <class V> double slope_a(V, V, V) const { return 1; }
  template <class V> V slope_b(V, V ln_var, V eps) const {
    return weighted(eps, 0.5 * exp(0.5 * ln_var));
  }
  template <class V> V slope_c(V, V ln_var, V) const { return exp(0.5 * ln_var); }
};

using Loss = List<SquaredError, AbsoluteError, BernoulliNll, GaussianNll, GaussianKl, Huber,
                  SigmoidCrossEntropy, BernoulliLogProb, Gaussian>;

}  // namespace autograd::ops
