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

// -log p(x) for a Bernoulli variable with logit y: log(1 + e^y) - x y.
struct BernoulliNll {
  static constexpr std::string_view name = "bernoulli_nll", label = "BernoulliNLL";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V y) const {
    return log1p_exp(-absolute(y)) + (maximum(y, 0) - x * y);
  }
  template <class V> V slope_a(V, V y) const { return -y; }
  template <class V> V slope_b(V x, V y) const { return sigmoid(y) - x; }
};

// -log p(x) for a Gaussian variable with the given mean and logarithm of the variance:
// (log(2 pi) + ln_var + (x - mean)^2 e^-ln_var) / 2.
struct GaussianNll {
  static constexpr std::string_view name = "gaussian_nll", label = "GaussianNLL";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V mean, V ln_var) const {
    const V d = x - mean;
    return 0.5 * (1.8378770664093453 + ln_var + d * d * exp(-ln_var));
  }
  template <class V> V slope_a(V x, V mean, V ln_var) const { return (x - mean) * exp(-ln_var); }
  template <class V> V slope_b(V x, V mean, V ln_var) const { return (mean - x) * exp(-ln_var); }
  template <class V> V slope_c(V x, V mean, V ln_var) const {
    const V d = x - mean;
    return 0.5 * (1 - d * d * exp(-ln_var));
  }
};

// KL(N(mean, e^ln_var) || N(0, 1)) = (mean^2 + e^ln_var - ln_var - 1) / 2.
struct GaussianKl {
  static constexpr std::string_view name = "gaussian_kl_divergence", label = "GaussianKLDivergence";
  static constexpr Keep keep = Keep::inputs;
  // e^s - 1 - s is taken from expm1: with exp, the digits of a small divergence cancel.
  template <class V> V value(V mean, V ln_var) const {
    return 0.5 * (mean * mean + (expm1(ln_var) - ln_var));
  }
  template <class V> V slope_a(V mean, V) const { return mean; }
  template <class V> V slope_b(V, V ln_var) const { return 0.5 * expm1(ln_var); }
};

// With d = a - b: d^2 / 2 up to delta, then a line of the same slope.
struct Huber {
  static constexpr std::string_view name = "huber_loss", label = "HuberLoss";
  static constexpr Keep keep = Keep::inputs;
  double delta;
  template <class V> V value(V a, V b) const {
    const V d = absolute(a - b);
    return select(d > delta, delta * (d - 0.5 * delta), 0.5 * d * d);
  }
  template <class V> V slope_a(V a, V b) const { return minimum(maximum(a - b, -delta), delta); }
  template <class V> V slope_b(V a, V b) const { return minimum(maximum(b - a, -delta), delta); }
};

// log(1 + e^x) - t x for a label t of 0 or 1, and nothing for the label -1. Labels get no gradient.
struct SigmoidCrossEntropy {
  static constexpr std::string_view name = "sigmoid_cross_entropy", label = "SigmoidCrossEntropy";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V t) const {
    return select(t < 0, 0, log1p_exp(-absolute(x)) + (maximum(x, 0) - t * x));
  }
  template <class V> V slope_a(V x, V t) const { return select(t < 0, 0, sigmoid(x) - t); }
};

// log p(x) of a Bernoulli variable with the given logit: logit (x - 1) - log(1 + e^-logit). With an
// infinite logit it is 0 for the value that is certain and -inf elsewhere. With binary_check it is
// -inf, and its slope NaN, where x is neither 0 nor 1. x gets no gradient.
struct BernoulliLogProb {
  static constexpr std::string_view name = "Bernoulli.log_prob", label = "BernoulliLogProb";
  static constexpr Keep keep = Keep::inputs;
  bool binary_check;
  template <class V> V value(V logit, V x) const {
    constexpr double inf = __builtin_inf();
    const V certain = select(logit > 0, select(x >= 1, 0, -inf), select(x <= 0, 0, -inf));
    const V y = select(absolute(logit) >= inf, certain, logit * (x - 1) - softplus(-logit));
    return binary_check ? select(x == 0 || x == 1, y, -inf) : y;
  }
  template <class V> V slope_a(V logit, V x) const {
    const V slope = x - sigmoid(logit);
    if (!binary_check) return slope;
    return select((x <= 0 && x >= 0) || (x <= 1 && x >= 1), slope, __builtin_nan(""));
  }
};

// A draw from N(mean, e^ln_var) with the noise eps from N(0, 1): mean + e^(ln_var / 2) eps.
struct Gaussian {
  static constexpr std::string_view name = "gaussian", label = "Gaussian";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V mean, V ln_var, V eps) const {
    return mean + exp(0.5 * ln_var) * eps;
  }
  template <class V> double slope_a(V, V, V) const { return 1; }
  template <class V> V slope_b(V, V ln_var, V eps) const { return 0.5 * exp(0.5 * ln_var) * eps; }
  template <class V> V slope_c(V, V ln_var, V) const { return exp(0.5 * ln_var); }
};

using Loss = List<SquaredError, AbsoluteError, BernoulliNll, GaussianNll, GaussianKl, Huber,
                  SigmoidCrossEntropy, BernoulliLogProb, Gaussian>;

}  // namespace autograd::ops
