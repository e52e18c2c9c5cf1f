#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = (k - 1) log x - x / theta - k log theta - log gamma(k) for x >= 0, -inf below.
class Gamma final : public Distribution {
 public:
  Gamma(const Variable& k, const Variable& theta) : k_(k), theta_(theta) {}

  Variable k() const { return k_; }
  Variable theta() const { return theta_; }

  std::string_view name() const override { return "Gamma"; }
  Shape batch_shape() const override { return k_.shape(); }
  std::string_view support() const override { return "positive"; }
  std::map<std::string, Variable> params() const override { return {{"k", k_}, {"theta", theta_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  Variable stddev() const override;
  // theta * standard_gamma(k); no gradient flows to k.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable k_, theta_;
};

}  // namespace nn::distributions
