#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = -log(pi scale) - log(1 + ((x - loc) / scale)^2). It has neither a mean nor a variance:
// both are NaN, without a gradient.
class Cauchy final : public Distribution {
 public:
  Cauchy(const Variable& loc, const Variable& scale) : loc_(loc), scale_(scale) {}

  Variable loc() const { return loc_; }
  Variable scale() const { return scale_; }

  std::string_view name() const override { return "Cauchy"; }
  Shape batch_shape() const override { return loc_.shape(); }
  std::string_view support() const override { return "real"; }
  std::map<std::string, Variable> params() const override {
    return {{"loc", loc_}, {"scale", scale_}};
  }
  Variable log_prob(const Variable& x) const override;
  Variable cdf(const Variable& x) const override;
  Variable icdf(const Variable& x) const override;
  Variable survival_function(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  // loc + scale * standard_cauchy()
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable loc_, scale_;
};

}  // namespace nn::distributions
