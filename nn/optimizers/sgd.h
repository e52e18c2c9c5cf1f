#pragma once

#include "nn/optimizers/method.h"

namespace nn::optimizers {

struct SGDHyperparameters {
  double lr = 0.01;
  constexpr void visit(auto&& f) { f("lr", lr); }
};
struct MomentumHyperparameters {
  double lr = 0.01;
  double momentum = 0.9;
  constexpr void visit(auto&& f) { f("lr", lr), f("momentum", momentum); }
};

// Stochastic gradient descent: p -= lr g.
class SGD : public Method<SGDHyperparameters, autograd::updates::Sgd> {
 public:
  using Method::Method;
  explicit SGD(const SGDHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::Sgd rule(const SGDHyperparameters& h, std::int64_t) const override {
    return {h.lr};
  }
};

// SGD with momentum: v = momentum v - lr g, p += v.
class MomentumSGD : public Method<MomentumHyperparameters, autograd::updates::MomentumSgd> {
 public:
  using Method::Method;
  explicit MomentumSGD(const MomentumHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::MomentumSgd rule(const MomentumHyperparameters& h,
                                      std::int64_t) const override {
    return {h.lr, h.momentum};
  }
};

// MomentumSGD with a velocity that does not contain lr, so that a change of lr takes effect at
// once: v = momentum v - g, p += lr v.
class CorrectedMomentumSGD
    : public Method<MomentumHyperparameters, autograd::updates::CorrectedMomentumSgd> {
 public:
  using Method::Method;
  explicit CorrectedMomentumSGD(const MomentumHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::CorrectedMomentumSgd rule(const MomentumHyperparameters& h,
                                               std::int64_t) const override {
    return {h.lr, h.momentum};
  }
};

// Nesterov's accelerated gradient (Bengio et al., arXiv:1212.0901):
// v = momentum v - lr g, p += momentum^2 v - (1 + momentum) lr g.
class NesterovAG : public Method<MomentumHyperparameters, autograd::updates::NesterovAg> {
 public:
  using Method::Method;
  explicit NesterovAG(const MomentumHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::NesterovAg rule(const MomentumHyperparameters& h,
                                     std::int64_t) const override {
    return {h.lr, h.momentum};
  }
};

}  // namespace nn::optimizers
