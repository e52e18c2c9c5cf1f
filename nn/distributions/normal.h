#pragma once

#include "nn/distributions/distribution.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

// The normal distribution with mean `loc` and standard deviation `scale`, or its logarithm
// `log_scale` (F::gaussian takes the logarithm of the variance instead): log p = -log(2 pi) / 2
// - log scale - (x - loc)^2 / (2 scale^2).
class Normal final : public Distribution {
 public:
  struct Parameters {
    VariableField loc = {};
    VariableField scale = {};      // either this
    VariableField log_scale = {};  // or this
  };
  explicit Normal(const Parameters& parameters);
  Normal(const Variable& loc, const Variable& scale)
      : Normal(Parameters{.loc = loc, .scale = scale}) {}

  Variable loc() const { return loc_; }
  Variable scale() const;
  Variable log_scale() const;
  bool has_log_scale() const { return has_log_scale_; }  // whether that was given

  std::string_view name() const override { return "Normal"; }
  Shape batch_shape() const override { return loc_.shape(); }
  std::string_view support() const override { return "real"; }
  std::map<std::string, Variable> params() const override {
    return {{"loc", loc_}, {"scale", scale()}};
  }
  Variable log_prob(const Variable& x) const override;
  Variable cdf(const Variable& x) const override;
  Variable log_cdf(const Variable& x) const override;
  Variable icdf(const Variable& x) const override;
  Variable survival_function(const Variable& x) const override;
  Variable log_survival_function(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override { return loc_; }
  Variable mode() const override { return loc_; }
  Variable variance() const override;
  Variable stddev() const override { return scale(); }
  // loc + scale * standard_normal()
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable loc_;
  Cached scale_, log_scale_;
  bool has_log_scale_;
};

}  // namespace nn::distributions
