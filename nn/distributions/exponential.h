#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = log(lam) - lam x for x >= 0, -inf below.
class Exponential final : public Distribution {
 public:
  explicit Exponential(const Variable& lam) : lam_(lam) {}

  Variable lam() const { return lam_; }

  std::string_view name() const override { return "Exponential"; }
  Shape batch_shape() const override { return lam_.shape(); }
  std::string_view support() const override { return "positive"; }
  std::map<std::string, Variable> params() const override { return {{"lam", lam_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable cdf(const Variable& x) const override;
  Variable icdf(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  Variable stddev() const override;
  // standard_exponential() / lam
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable lam_;
};

}  // namespace nn::distributions
