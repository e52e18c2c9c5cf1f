#pragma once

#include "nn/distributions/distribution.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

// Uniform over the closed interval [low, high], or [loc, loc + scale]: log p = -log(high - low)
// inside, -inf outside. x gets no gradient from log p.
class Uniform final : public Distribution {
 public:
  struct Parameters {
    VariableField low = {}, high = {};   // either these
    VariableField loc = {}, scale = {};  // or these
  };
  explicit Uniform(const Parameters& parameters);

  Variable low() const;
  Variable high() const;
  Variable loc() const { return low(); }
  Variable scale() const;

  std::string_view name() const override { return "Uniform"; }
  Shape batch_shape() const override { return low().shape(); }
  std::string_view support() const override { return "[low, high]"; }
  std::map<std::string, Variable> params() const override;
  Variable log_prob(const Variable& x) const override;
  Variable cdf(const Variable& x) const override;
  Variable icdf(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  Variable stddev() const override;
  // loc + scale * rand()
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  bool given_high_;
  Cached low_, high_, scale_;
};

}  // namespace nn::distributions
