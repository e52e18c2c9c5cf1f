#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// e^z, where z is normal with mean mu and standard deviation sigma: log p = -log(2 pi) / 2 -
// log sigma - log x - (log x - mu)^2 / (2 sigma^2) for x > 0; NaN elsewhere.
class LogNormal final : public Distribution {
 public:
  LogNormal(const Variable& mu, const Variable& sigma) : mu_(mu), sigma_(sigma) {}

  Variable mu() const { return mu_; }
  Variable sigma() const { return sigma_; }

  std::string_view name() const override { return "LogNormal"; }
  Shape batch_shape() const override { return mu_.shape(); }
  std::string_view support() const override { return "positive"; }
  std::map<std::string, Variable> params() const override {
    return {{"mu", mu_}, {"sigma", sigma_}};
  }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  // exp(mu + sigma * standard_normal())
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable mu_, sigma_;
};

}  // namespace nn::distributions
