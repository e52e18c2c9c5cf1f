#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// The sum of the squares of k standard normal numbers: log p = (k / 2 - 1) log x - x / 2 -
// (k / 2) log 2 - log gamma(k / 2) for x > 0; NaN below 0.
class Chisquare final : public Distribution {
 public:
  explicit Chisquare(const Variable& k) : k_(k) {}

  Variable k() const { return k_; }

  std::string_view name() const override { return "Chisquare"; }
  Shape batch_shape() const override { return k_.shape(); }
  std::string_view support() const override { return "positive"; }
  std::map<std::string, Variable> params() const override { return {{"k", k_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override { return k_; }
  Variable variance() const override;
  // NumPy's chisquare(k); no gradient flows.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable k_;
};

}  // namespace nn::distributions
