#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = (a - 1) log x + (b - 1) log(1 - x) - log beta(a, b) for x in [0, 1], -inf outside.
class Beta final : public Distribution {
 public:
  Beta(const Variable& a, const Variable& b) : a_(a), b_(b) {}

  Variable a() const { return a_; }
  Variable b() const { return b_; }

  std::string_view name() const override { return "Beta"; }
  Shape batch_shape() const override { return a_.shape(); }
  std::string_view support() const override { return "[0, 1]"; }
  std::map<std::string, Variable> params() const override { return {{"a", a_}, {"b", b_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override;
  Variable variance() const override;
  // NumPy's beta(a, b); no gradient flows.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable a_, b_;
};

// log(gamma(a) gamma(b) / gamma(a + b))
Variable log_beta(const Variable& a, const Variable& b);

}  // namespace nn::distributions
