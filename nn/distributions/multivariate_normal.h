#pragma once

#include "nn/distributions/distribution.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

// The normal distribution of vectors of d numbers with mean `loc` (..., d) and covariance V = L L^T,
// where L = `scale_tril` (..., d, d) is a lower triangular matrix: log p = -d log(2 pi) / 2 -
// log|det L| - |L^-1 (x - loc)|^2 / 2. What lies above the diagonal of L is not read by log_prob,
// but by covariance, by samples and, of p, by kl_divergence, as in Chainer; leave it 0.
class MultivariateNormal final : public Distribution {
 public:
  struct Parameters {
    VariableField loc = {};
    VariableField scale_tril = {};
  };
  // Throws unless both are given, with shapes (..., d) and (..., d, d).
  explicit MultivariateNormal(const Parameters& parameters);
  MultivariateNormal(const Variable& loc, const Variable& scale_tril)
      : MultivariateNormal(Parameters{.loc = loc, .scale_tril = scale_tril}) {}

  Variable loc() const { return loc_; }
  Variable scale_tril() const { return scale_tril_; }
  // log|det L|
  Variable log_det_scale() const;
  // L^-1; throws if a number on the diagonal of L is 0.
  Variable inverse_scale() const;

  std::string_view name() const override { return "MultivariateNormal"; }
  Shape batch_shape() const override;
  Shape event_shape() const override;
  std::string_view support() const override { return "real"; }
  std::map<std::string, Variable> params() const override {
    return {{"loc", loc_}, {"scale_tril", scale_tril_}};
  }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override { return loc_; }
  // The diagonal of the covariance.
  Variable variance() const override;
  Variable covariance() const override;
  // loc + L * standard_normal()
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  double d() const { return static_cast<double>(loc_.shape().back()); }

  Variable loc_, scale_tril_;
};

}  // namespace nn::distributions
