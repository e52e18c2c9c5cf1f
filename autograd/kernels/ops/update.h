#pragma once

#include <array>
#include <string_view>

#include "autograd/kernels/ops/op.h"

// The update rules of the optimizers, one element at a time: how the gradient g changes the
// parameter p and the optimizer's states in place. V is a SIMD register. The members are
// hyperparameters, and what follows from them and from the number of updates; they are computed in
// double and rounded to the parameter's type when they meet it. The formulas are those of Chainer's
// chainer/optimizers.
namespace autograd::updates {

// An array that a rule keeps for each parameter, by its name in files, and what it starts from.
struct State {
  std::string_view name;
  double initial = 0;
};
template <int N>
using States = std::array<State, N>;

// p -= lr g
struct Sgd {
  static constexpr States<0> states{};
  double lr;
  template <class V>
  void update(V g, V& p) const {
    p = p - lr * g;
  }
};

// m, v: running means of g and g^2. p = decay p - eta m step / (sqrt(v) + eps), where step =
// alpha_t, its corrections for the zeros that the means start from included, and the quotient is
// kept between `lower` and `upper` (AdaBound). Kingma and Ba, arXiv:1412.6980; Loshchilov and
// Hutter (decay), arXiv:1711.05101; Luo et al. (bounds), ICLR 2019.
struct Adam {
  static constexpr States<2> states{{{"m"}, {"v"}}};
  double alpha_t, one_minus_beta1, one_minus_beta2, eps, eta, decay, lower, upper;
  template <class V>
  void update(V g, V& p, V& m, V& v) const {
    m = m + one_minus_beta1 * (g - m);
    v = v + one_minus_beta2 * (g * g - v);
    step(p, m, v);
  }
  template <class V>
  void step(V& p, V m, V v) const {
    const V step = minimum(maximum(alpha_t / (sqrt(v) + eps), lower), upper);
    p = decay * p - eta * (step * m);
  }
};

// Adam with the largest v so far in the place of v. Reddi et al., ICLR 2018.
struct AmsGrad {
  static constexpr States<3> states{{{"m"}, {"v"}, {"vhat"}}};
  Adam adam;
  template <class V>
  void update(V g, V& p, V& m, V& v, V& vhat) const {
    m = m + adam.one_minus_beta1 * (g - m);
    v = v + adam.one_minus_beta2 * (g * g - v);
    vhat = maximum(vhat, v);
    adam.step(p, m, vhat);
  }
};

using All = ops::List<Sgd, Adam, AmsGrad>;

}  // namespace autograd::updates
