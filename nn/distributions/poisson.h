#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// log p = x log lam - lam - log x!, where x holds whole numbers, of any dtype; x gets no gradient.
// At lam = 0 only 0 is drawn, and log p(0) = 0.
class Poisson final : public Distribution {
 public:
  explicit Poisson(const Variable& lam) : lam_(lam) {}

  Variable lam() const { return lam_; }

  std::string_view name() const override { return "Poisson"; }
  Shape batch_shape() const override { return lam_.shape(); }
  std::string_view support() const override { return "non negative integer"; }
  std::map<std::string, Variable> params() const override { return {{"lam", lam_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable mean() const override { return lam_; }
  Variable variance() const override { return lam_; }
  // NumPy's poisson(lam) in lam's dtype; no gradient flows.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable lam_;
};

}  // namespace nn::distributions
