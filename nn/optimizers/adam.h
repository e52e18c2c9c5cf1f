#pragma once

#include <concepts>
#include <type_traits>

#include "nn/optimizers/method.h"

namespace nn::optimizers {

struct AdamHyperparameters {
  double alpha = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double eps = 1e-8;
  double eta = 1;
  double weight_decay_rate = 0;
  bool amsgrad = false;
  bool adabound = false;
  double final_lr = 0.1;
  double gamma = 0.001;
  constexpr void visit(auto&& f) {
    f("alpha", alpha), f("beta1", beta1), f("beta2", beta2), f("eps", eps), f("eta", eta);
    f("weight_decay_rate", weight_decay_rate), f("amsgrad", amsgrad), f("adabound", adabound);
    f("final_lr", final_lr), f("gamma", gamma);
  }
};

// Adam (Kingma and Ba, arXiv:1412.6980), with Chainer's extensions:
//
//   m += (1 - beta1) (g - m)
//   v += (1 - beta2) (g^2 - v)
//   alpha_t = alpha sqrt(1 - beta2^t) / (1 - beta1^t)
//   p = (1 - eta weight_decay_rate) p - eta m alpha_t / (sqrt(v) + eps)
//
// t is the number of updates of the parameter (UpdateRule::t). With amsgrad, v is replaced by its
// greatest value so far (Reddi et al., ICLR 2018). With adabound, alpha_t / (sqrt(v) + eps) is
// clipped to [l (1 - 1 / (gamma t + 1)), l (1 + 1 / (gamma t))], where l = final_lr alpha /
// (alpha at setup) (Luo et al., ICLR 2019).
class Adam : public Method<AdamHyperparameters, autograd::updates::Adam> {
 public:
  using Method::Method;
  explicit Adam(const AdamHyperparameters& h = {}) : Method(h) {}
  // The bias-corrected learning rate of the last update. Throws before the first update.
  double alpha_t() const;

 private:
  void set_target(Link& link, std::size_t bytes) override;
  void queue(const Step& step) override;
  StateNames state_names(const UpdateRule& update_rule) const override;
  autograd::updates::Adam rule(const AdamHyperparameters& h, std::int64_t n) const override;

  double initial_alpha_ = 0;
};

// Chainer's names for Adam with some of its extensions. The constructors switch the
// extensions on; the hyperparameters remain members and can be changed.
struct AdamW : Adam {
  using Adam::Adam;
};
struct AMSGrad : Adam {
  explicit AMSGrad(const AdamHyperparameters& h = {}) : Adam(h) { amsgrad = true; }
  template <class... N>
  requires std::constructible_from<Adam, N...> &&
      (std::is_arithmetic_v<N>&&...) explicit AMSGrad(N... values)
      : Adam(values...) {
    amsgrad = true;
  }
};
// By position Chainer takes alpha, beta1, beta2, final_lr, gamma, eps, eta here.
struct AdaBound : Adam {
  explicit AdaBound(const AdamHyperparameters& h = {}) : Adam(h) { adabound = true; }
  template <class A>
  requires std::is_arithmetic_v<A>
  explicit AdaBound(A alpha_, double beta1_ = 0.9, double beta2_ = 0.999, double final_lr_ = 0.1,
                    double gamma_ = 0.001, double eps_ = 1e-8, double eta_ = 1)
      : AdaBound(AdamHyperparameters{.alpha = static_cast<double>(alpha_),
                                     .beta1 = beta1_,
                                     .beta2 = beta2_,
                                     .eps = eps_,
                                     .eta = eta_,
                                     .final_lr = final_lr_,
                                     .gamma = gamma_}) {}
};
struct AMSBound : AdaBound {
  explicit AMSBound(const AdamHyperparameters& h = {}) : AdaBound(h) { amsgrad = true; }
  template <class... N>
  requires std::constructible_from<AdaBound, N...> &&
      (std::is_arithmetic_v<N>&&...) explicit AMSBound(N... values)
      : AdaBound(values...) {
    amsgrad = true;
  }
};

}  // namespace nn::optimizers
