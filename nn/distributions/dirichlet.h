#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// K numbers that sum to 1. The last axis of alpha, which is positive, is the event: log p =
// sum_i (alpha_i - 1) log x_i + log gamma(sum_i alpha_i) - sum_i log gamma(alpha_i).
class Dirichlet final : public Distribution {
 public:
  // Throws if alpha has no axis.
  explicit Dirichlet(const Variable& alpha);

  Variable alpha() const { return alpha_; }
  // The sum over the last axis.
  Variable alpha0() const;

  std::string_view name() const override { return "Dirichlet"; }
  Shape batch_shape() const override;
  Shape event_shape() const override;
  std::string_view support() const override { return "[0, 1]"; }
  std::map<std::string, Variable> params() const override { return {{"alpha", alpha_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  // NumPy's dirichlet(alpha) in alpha's dtype, for one variable of the batch after another; no
  // gradient flows.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable alpha_;
};

// The sum over the last axis of log gamma(x), minus log gamma of the sum.
Variable log_multivariate_beta(const Variable& x);

}  // namespace nn::distributions
