#pragma once

#include <array>
#include <string_view>

#include "autograd/kernels/ops/op.h"

// The update rules of the optimizers, one element at a time: how the gradient g changes the
// parameter p and the optimizer's states in place. V is a SIMD register. The members are
// hyperparameters, and numbers computed from hyperparameters and the number of updates; they are
// doubles, rounded to the parameter's type when used. The formulas are those of Chainer's
// chainer/optimizers.
namespace autograd::updates {

// An array that a rule keeps for each parameter: its name in files and its initial value.
struct State {
  std::string_view name;
  double initial = 0;
};
template <int N> using States = std::array<State, N>;

// p -= lr g
struct Sgd {
  static constexpr States<0> states{};
  double lr;
  template <class V> void update(V g, V& p) const { p = p - lr * g; }
};

// v = momentum v - lr g;  p += v
struct MomentumSgd {
  static constexpr States<1> states{{{"v"}}};
  double lr, momentum;
  template <class V> void update(V g, V& p, V& v) const {
    v = momentum * v - lr * g;
    p = p + v;
  }
};

// v = momentum v - g;  p += lr v
struct CorrectedMomentumSgd {
  static constexpr States<1> states{{{"v"}}};
  double lr, momentum;
  template <class V> void update(V g, V& p, V& v) const {
    v = momentum * v - g;
    p = p + lr * v;
  }
};

// v = momentum v - lr g;  p += momentum^2 v - (1 + momentum) lr g
struct NesterovAg {
  static constexpr States<1> states{{{"v"}}};
  double lr, momentum;
  template <class V> void update(V g, V& p, V& v) const {
    v = momentum * v - lr * g;
    p = p + momentum * momentum * v - (1 + momentum) * lr * g;
  }
};

// h += g^2;  p -= lr g / (sqrt(h) + eps)
struct AdaGrad {
  static constexpr States<1> states{{{"h"}}};
  double lr, eps;
  template <class V> void update(V g, V& p, V& h) const {
    h = h + g * g;
    p = p - lr * g / (sqrt(h) + eps);
  }
};

// msg, msdx: running means of g^2 and of dx^2;
// dx = sqrt((msdx + eps) / (msg + eps)) g,  p -= dx
struct AdaDelta {
  static constexpr States<2> states{{{"msg"}, {"msdx"}}};
  double rho, eps;
  template <class V> void update(V g, V& p, V& msg, V& msdx) const {
    msg = rho * msg + (1 - rho) * g * g;
    const V dx = sqrt((msdx + eps) / (msg + eps)) * g;
    msdx = rho * msdx + (1 - rho) * dx * dx;
    p = p - dx;
  }
};

// ms: the running mean of g^2;  p -= lr g / (sqrt(ms + eps_inside) + eps_outside)
struct RmsProp {
  static constexpr States<1> states{{{"ms"}}};
  double lr, alpha, eps_inside, eps_outside;
  template <class V> void update(V g, V& p, V& ms) const {
    ms = alpha * ms + (1 - alpha) * g * g;
    p = p - lr * g / (sqrt(ms + eps_inside) + eps_outside);
  }
};

// n, mean: running means of g^2 and g;
// delta = momentum delta - lr g / sqrt(n - mean^2 + eps),  p += delta
struct RmsPropGraves {
  static constexpr States<3> states{{{"n"}, {"g"}, {"delta"}}};
  double lr, alpha, momentum, eps;
  template <class V> void update(V g, V& p, V& n, V& mean, V& delta) const {
    n = alpha * n + (1 - alpha) * g * g;
    mean = alpha * mean + (1 - alpha) * g;
    delta = momentum * delta - lr * g / sqrt(n - mean * mean + eps);
    p = p + delta;
  }
};

// mean, mean2: means of g and g^2 over a memory of mem + 1 steps, which adapts.
struct Smorms3 {
  static constexpr States<3> states{{{"mem", 1}, {"g"}, {"g2"}}};
  double lr, eps;
  template <class V> void update(V g, V& p, V& mem, V& mean, V& mean2) const {
    const V r = 1 / (mem + 1);
    mean = (1 - r) * mean + r * g;
    mean2 = (1 - r) * mean2 + r * g * g;
    const V x = mean / (mean2 + eps) * mean;
    p = p - g * minimum(x, lr) / (sqrt(mean2) + eps);
    mem = 1 + mem * (1 - x);
  }
};

// m, v: running means of g and g^2. p = decay p - eta m step / (sqrt(v) + eps), where step =
// alpha_t, which includes the bias corrections of both means, and the quotient is clipped to
// [lower, upper] (AdaBound). Kingma and Ba, arXiv:1412.6980; Loshchilov and Hutter (decay),
// arXiv:1711.05101; Luo et al. (bounds), ICLR 2019.
struct Adam {
  static constexpr States<2> states{{{"m"}, {"v"}}};
  double alpha_t, one_minus_beta1, one_minus_beta2, eps, eta, decay, lower, upper;
  template <class V> void update(V g, V& p, V& m, V& v) const {
    m = m + one_minus_beta1 * (g - m);
    v = v + second_moment(g, v);
    step(p, m, v);
  }
  // The change of v. Ordered so that g^2 is not computed by itself: it may overflow.
  template <class V> V second_moment(V g, V v) const {
    return one_minus_beta2 * g * g - one_minus_beta2 * v;
  }
  template <class V> void step(V& p, V m, V v) const {
    const V step = minimum(maximum(alpha_t / (sqrt(v) + eps), lower), upper);
    p = decay * p - eta * (step * m);
  }
};

// Adam with the greatest v so far in place of v. Reddi et al., ICLR 2018.
struct AmsGrad {
  static constexpr States<3> states{{{"m"}, {"v"}, {"vhat"}}};
  Adam adam;
  template <class V> void update(V g, V& p, V& m, V& v, V& vhat) const {
    m = m + adam.one_minus_beta1 * (g - m);
    v = v + adam.second_moment(g, v);
    vhat = maximum(vhat, v);
    adam.step(p, m, vhat);
  }
};

// m, v: running means of g and g^2, with bias correction unbias = 1 - beta^t. The step lr m is
// reduced by the share of variance in v.
struct Msvag {
  static constexpr States<2> states{{{"m"}, {"v"}}};
  double lr, one_minus_beta, unbias, rho, eta, weight_decay_rate;
  template <class V> void update(V g, V& p, V& m, V& v) const {
    m = m + one_minus_beta * (g - m);
    v = v + (one_minus_beta * g * g - one_minus_beta * v);
    const V mt = m / unbias, vt = v / unbias, mt2 = mt * mt;
    const V s = (vt - mt2) / (1 - rho);
    const V factor = minimum(maximum(mt2 / (mt2 + rho * s), 0), 1);
    p = p - eta * (lr * mt * select(isnan(factor), 0, factor) + weight_decay_rate * p);
  }
};

// The operations of optimizer hooks on a gradient, which is the updated array here; x is the
// parameter or another array.
struct AddScaled {  // gradient += c x
  static constexpr States<0> states{};
  double c;
  template <class V> void update(V x, V& gradient) const { gradient = gradient + c * x; }
};
struct AddSign {  // gradient += c sign(x)
  static constexpr States<0> states{};
  double c;
  template <class V> void update(V x, V& gradient) const { gradient = gradient + c * sign(x); }
};
struct AddAndScale {  // gradient = (gradient + c x) scale
  static constexpr States<0> states{};
  double c, scale;
  template <class V> void update(V x, V& gradient) const { gradient = (gradient + c * x) * scale; }
};
struct Scale {  // gradient = scale x
  static constexpr States<0> states{};
  double scale;
  template <class V> void update(V x, V& gradient) const { gradient = scale * x; }
};
struct Bound {  // gradient = x, kept between two bounds
  static constexpr States<0> states{};
  double lower, upper;
  template <class V> void update(V x, V& gradient) const {
    gradient = minimum(maximum(x, lower), upper);
  }
};

using All = ops::List<Sgd, MomentumSgd, CorrectedMomentumSgd, NesterovAg, AdaGrad, AdaDelta,
                      RmsProp, RmsPropGraves, Smorms3, Adam, AmsGrad, Msvag, AddScaled, AddSign,
                      AddAndScale, Scale, Bound>;

}  // namespace autograd::updates
