#include "nn/optimizers/adam.h"

#include <cmath>
#include <limits>

namespace nn::optimizers {
namespace {

double corrected_alpha(const AdamHyperparameters& h, std::int64_t t) {
  const auto n = static_cast<double>(t);
  return h.alpha * std::sqrt(1 - std::pow(h.beta2, n)) / (1 - std::pow(h.beta1, n));
}

}  // namespace

void Adam::set_target(Link& link, std::size_t bytes) {
  Optimizer::set_target(link, bytes);
  initial_alpha_ = alpha;
}

double Adam::alpha_t() const {
  if (t == 0) throw autograd::Error("alpha_t: an update must have been made, but there was none");
  return corrected_alpha(*this, t);
}

autograd::updates::Adam Adam::rule(const AdamHyperparameters& h, std::int64_t n) const {
  constexpr double inf = std::numeric_limits<double>::infinity();
  autograd::updates::Adam rule{.alpha_t = corrected_alpha(h, n),
                               .one_minus_beta1 = 1 - h.beta1,
                               .one_minus_beta2 = 1 - h.beta2,
                               .eps = h.eps,
                               .eta = h.eta,
                               .decay = 1 - h.eta * h.weight_decay_rate,
                               .lower = -inf,
                               .upper = inf};
  if (h.adabound) {
    const double limit = h.final_lr * h.alpha / initial_alpha_;
    const double gamma_t = h.gamma * static_cast<double>(n);
    rule.lower = limit * (1 - 1 / (gamma_t + 1));
    rule.upper = limit * (1 + 1 / gamma_t);
  }
  return rule;
}

void Adam::queue(const Step& step) {
  const AdamHyperparameters h = hyperparameters_for(step.rule);
  if (h.amsgrad)
    add(step, autograd::updates::AmsGrad{rule(h, step.rule.t)});
  else
    add(step, rule(h, step.rule.t));
}

Optimizer::StateNames Adam::state_names(const UpdateRule& update_rule) const {
  return hyperparameters_for(update_rule).amsgrad ? names_of<autograd::updates::AmsGrad>()
                                                  : names_of<autograd::updates::Adam>();
}

}  // namespace nn::optimizers
