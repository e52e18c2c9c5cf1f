#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = -log(2 scale) - |x - loc| / scale; the gradient at loc is 0.
class Laplace final : public Distribution {
 public:
  Laplace(const Variable& loc, const Variable& scale) : loc_(loc), scale_(scale) {}

  Variable loc() const { return loc_; }
  Variable scale() const { return scale_; }

  std::string_view name() const override { return "Laplace"; }
  Shape batch_shape() const override { return loc_.shape(); }
  std::string_view support() const override { return "real"; }
  std::map<std::string, Variable> params() const override {
    return {{"loc", loc_}, {"scale", scale_}};
  }
  Variable log_prob(const Variable& x) const override;
  Variable cdf(const Variable& x) const override;
  Variable icdf(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override { return loc_; }
  Variable mode() const override { return loc_; }
  Variable variance() const override;
  Variable stddev() const override;
  // loc + scale * laplace()
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable loc_, scale_;
};

}  // namespace nn::distributions
