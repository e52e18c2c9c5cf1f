#pragma once

#include "autograd/kernels/ops/op.h"

namespace autograd::ops {

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid", label = "Sigmoid";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return sigmoid(x); }
  template <class V> V slope(V y) const { return y * (1 - y); }
};

struct Tanh {
  static constexpr std::string_view name = "tanh", label = "Tanh";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return tanh(x); }
  template <class V> V slope(V y) const { return 1 - y * y; }
};

// log(1 + e^(beta x)) / beta. The derivative is stated: derived from max and abs it would be 1 at
// 0, not 1/2.
struct Softplus {
  static constexpr std::string_view name = "softplus", label = "Softplus";
  static constexpr Keep keep = Keep::inputs;
  double beta = 1;
  template <class F> void parameters(const F& each) const { each("beta", beta); }
  template <class V> V value(V x) const {
    const V bx = beta * x;  // may overflow where the result does not
    return select(bx > 0, x, 0) + log1p_exp(-absolute(bx)) / beta;
  }
  template <class V> V slope(V x) const { return sigmoid(beta * x); }
};

// max(x, 0), with the derivative 0 at 0.
struct Relu {
  static constexpr std::string_view name = "relu", label = "ReLU";
  static constexpr Keep keep = Keep::output;
  template <class V> V value(V x) const { return maximum(x, 0); }
  template <class V> V slope(V y) const { return select(y > 0, 1, 0); }
};

// x above 0, slope * x below; the derivative at 0 is the slope.
struct LeakyRelu {
  static constexpr std::string_view name = "leaky_relu", label = "LeakyReLU";
  static constexpr Keep keep = Keep::inputs;
  double negative_slope = 0.2;
  template <class F> void parameters(const F& each) const { each("slope", negative_slope); }
  template <class V> V value(V x) const { return select(x <= 0, negative_slope * x, x); }
  template <class V> V slope(V x) const { return select(x > 0, 1, negative_slope); }
};

// x for x > 0, alpha * (e^x - 1) below; the derivative at 0 is alpha.
struct Elu {
  static constexpr std::string_view name = "elu", label = "ELU";
  static constexpr Keep keep = Keep::inputs;
  double alpha = 1;
  template <class F> void parameters(const F& each) const { each("alpha", alpha); }
  template <class V> V value(V x) const { return select(x > 0, x, alpha * expm1(minimum(x, 0))); }
  template <class V> V slope(V x) const { return select(x > 0, 1, alpha * exp(minimum(x, 0))); }
};

// clip(0.2 x + 0.5, 0, 1), with the derivative 0 at both ends.
struct HardSigmoid {
  static constexpr std::string_view name = "hard_sigmoid", label = "HardSigmoid";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x) const { return minimum(maximum(0.2 * x + 0.5, 0), 1); }
  template <class V> V slope(V x) const { return select(x > -2.5 && x < 2.5, 0.2, 0); }
};

// min(max(x, 0), z), with the derivative 0 at 0 and at z.
struct ClippedRelu {
  static constexpr std::string_view name = "clipped_relu", label = "ClippedReLU";
  static constexpr Keep keep = Keep::inputs;
  double z = 20;
  template <class F> void parameters(const F& each) const { each("z", z); }
  template <class V> V value(V x) const { return minimum(maximum(x, 0), z); }
  template <class V> V slope(V x) const { return select(x > 0 && x < z, 1, 0); }
};

// x from 0 on, w x below; the derivative at 0 is 1.
struct Prelu {
  static constexpr std::string_view name = "prelu", label = "PReLUFunction";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V w) const { return select(x >= 0, x, w * x); }
  template <class V> V slope_a(V x, V w) const { return select(x >= 0, 1, w); }
  template <class V> V slope_b(V x, V) const { return select(x >= 0, 0, x); }
};

// x sigmoid(beta x)
struct Swish {
  static constexpr std::string_view name = "swish", label = "Swish";
  static constexpr Keep keep = Keep::inputs;
  template <class V> V value(V x, V beta) const { return weighted(sigmoid(weighted(beta, x)), x); }
  template <class V> V slope_a(V x, V beta) const {
    const V z = weighted(beta, x), s = sigmoid(z);
    return s + weighted(s * sigmoid(-z), z);
  }
  template <class V> V slope_b(V x, V beta) const {
    const V z = weighted(beta, x), s = sigmoid(z) * sigmoid(-z);
    return weighted(weighted(s, x), x);
  }
};

using Activation =
    List<Sigmoid, Tanh, Softplus, Relu, LeakyRelu, Elu, HardSigmoid, ClippedRelu, Prelu, Swish>;

}  // namespace autograd::ops
