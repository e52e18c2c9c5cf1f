#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// The number of trials up to the first that succeeds, with probability p each: log p(x) = (x - 1)
// log(1 - p) + log p for x = 1, 2, ...
class Geometric final : public Distribution {
 public:
  explicit Geometric(const Variable& p) : p_(p) {}

  Variable p() const { return p_; }

  std::string_view name() const override { return "Geometric"; }
  Shape batch_shape() const override { return p_.shape(); }
  std::string_view support() const override { return "positive integer"; }
  std::map<std::string, Variable> params() const override { return {{"p", p_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable mean() const override;
  Variable variance() const override;
  // NumPy's geometric(p) in p's dtype; no gradient flows.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable p_;
};

}  // namespace nn::distributions
