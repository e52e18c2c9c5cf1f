#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = log alpha + alpha log scale - (alpha + 1) log x for x >= scale, -inf below. The mean is
// infinite for alpha <= 1 and the variance for alpha <= 2; exactly there their gradients are NaN.
class Pareto final : public Distribution {
 public:
  Pareto(const Variable& scale, const Variable& alpha) : scale_(scale), alpha_(alpha) {}

  Variable scale() const { return scale_; }
  Variable alpha() const { return alpha_; }

  std::string_view name() const override { return "Pareto"; }
  Shape batch_shape() const override { return scale_.shape(); }
  std::string_view support() const override { return "[scale, inf]"; }
  std::map<std::string, Variable> params() const override {
    return {{"scale", scale_}, {"alpha", alpha_}};
  }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  // scale * (pareto(alpha) + 1); no gradient flows to alpha.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable scale_, alpha_;
};

}  // namespace nn::distributions
