#pragma once

#include "nn/optimizers/method.h"

// Optimizers whose step for each element adapts to the size of its past gradients.
namespace nn::optimizers {

struct AdaGradHyperparameters {
  double lr = 0.001;
  double eps = 1e-8;
  constexpr void visit(auto&& f) { f("lr", lr), f("eps", eps); }
};

// AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011): h += g^2, p -= lr g / (sqrt(h) + eps).
class AdaGrad : public Method<AdaGradHyperparameters, autograd::updates::AdaGrad> {
 public:
  using Method::Method;
  explicit AdaGrad(const AdaGradHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::AdaGrad rule(const AdaGradHyperparameters& h, std::int64_t) const override {
    return {h.lr, h.eps};
  }
};

struct AdaDeltaHyperparameters {
  double rho = 0.95;
  double eps = 1e-6;
  constexpr void visit(auto&& f) { f("rho", rho), f("eps", eps); }
};

// AdaDelta (Zeiler, arXiv:1212.5701): p -= dx, dx = sqrt((msdx + eps) / (msg + eps)) g, where msg
// and msdx are running means of g^2 and dx^2. There is no learning rate.
class AdaDelta : public Method<AdaDeltaHyperparameters, autograd::updates::AdaDelta> {
 public:
  using Method::Method;
  explicit AdaDelta(const AdaDeltaHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::AdaDelta rule(const AdaDeltaHyperparameters& h, std::int64_t) const override {
    return {h.rho, h.eps};
  }
};

struct RMSpropHyperparameters {
  double lr = 0.01;
  double alpha = 0.99;
  double eps = 1e-8;
  bool eps_inside_sqrt = false;
  constexpr void visit(auto&& f) {
    f("lr", lr), f("alpha", alpha), f("eps", eps), f("eps_inside_sqrt", eps_inside_sqrt);
  }
};

// RMSprop (Tieleman and Hinton, Coursera lecture 6.5, 2012): p -= lr g / (sqrt(ms) + eps), where ms
// is the running mean of g^2. With eps_inside_sqrt the divisor is sqrt(ms + eps), as other
// libraries do.
class RMSprop : public Method<RMSpropHyperparameters, autograd::updates::RmsProp> {
 public:
  using Method::Method;
  explicit RMSprop(const RMSpropHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::RmsProp rule(const RMSpropHyperparameters& h, std::int64_t) const override {
    return {h.lr, h.alpha, h.eps_inside_sqrt ? h.eps : 0, h.eps_inside_sqrt ? 0 : h.eps};
  }
};

struct RMSpropGravesHyperparameters {
  double lr = 1e-4;
  double alpha = 0.95;
  double momentum = 0.9;
  double eps = 1e-4;
  constexpr void visit(auto&& f) {
    f("lr", lr), f("alpha", alpha), f("momentum", momentum), f("eps", eps);
  }
};

// RMSprop by Graves (arXiv:1308.0850): delta = momentum delta - lr g / sqrt(n - mean^2 + eps), p +=
// delta, where n and mean are running means of g^2 and g.
class RMSpropGraves
    : public Method<RMSpropGravesHyperparameters, autograd::updates::RmsPropGraves> {
 public:
  using Method::Method;
  explicit RMSpropGraves(const RMSpropGravesHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::RmsPropGraves rule(const RMSpropGravesHyperparameters& h,
                                        std::int64_t) const override {
    return {h.lr, h.alpha, h.momentum, h.eps};
  }
};

struct SMORMS3Hyperparameters {
  double lr = 0.001;
  double eps = 1e-16;
  constexpr void visit(auto&& f) { f("lr", lr), f("eps", eps); }
};

// SMORMS3 (Funk, sifter.org/~simon/journal/20150420.html): RMSprop with an averaging period for
// each element, which becomes shorter where the gradient's mean is large compared to its spread.
class SMORMS3 : public Method<SMORMS3Hyperparameters, autograd::updates::Smorms3> {
 public:
  using Method::Method;
  explicit SMORMS3(const SMORMS3Hyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::Smorms3 rule(const SMORMS3Hyperparameters& h, std::int64_t) const override {
    return {h.lr, h.eps};
  }
};

struct MSVAGHyperparameters {
  double lr = 0.1;
  double beta = 0.9;
  double eta = 1;
  double weight_decay_rate = 0;
  constexpr void visit(auto&& f) {
    f("lr", lr), f("beta", beta), f("eta", eta), f("weight_decay_rate", weight_decay_rate);
  }
};

// M-SVAG (Balles and Hennig, arXiv:1705.07774): momentum, reduced where the estimated variance of
// the gradient is large compared to its square. Ill-conditioned in its first steps, as in Chainer.
class MSVAG : public Method<MSVAGHyperparameters, autograd::updates::Msvag> {
 public:
  using Method::Method;
  explicit MSVAG(const MSVAGHyperparameters& h = {}) : Method(h) {}

 private:
  autograd::updates::Msvag rule(const MSVAGHyperparameters& h, std::int64_t n) const override {
    const double power = std::pow(h.beta, static_cast<double>(n)), one = 1 - h.beta,
                 unbias = 1 - power;
    const double rho = one * one * (1 - power * power) / (unbias * unbias * (1 - h.beta * h.beta));
    return {h.lr, one, unbias, std::min(rho, 0.9999), h.eta, h.weight_decay_rate};
  }
};

}  // namespace nn::optimizers
