#pragma once

#include "nn/distributions/distribution.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

// One of the classes 0, ..., K - 1. The last axis of p holds the probabilities of the classes; the
// last axis of logit holds their logarithms up to a constant. x holds classes, as numbers of any
// dtype, which are cut to whole ones; log p(x) is the logarithm of the probability of class x.
class Categorical final : public Distribution {
 public:
  struct Parameters {
    VariableField p = {};      // either this
    VariableField logit = {};  // or this
  };
  explicit Categorical(const Parameters& parameters);
  explicit Categorical(const Variable& p) : Categorical(Parameters{.p = p}) {}

  Variable p() const;
  Variable log_p() const;

  std::string_view name() const override { return "Categorical"; }
  Shape batch_shape() const override;
  std::map<std::string, Variable> params() const override { return {{"p", p()}}; }
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  // int32, by NumPy's choice, for one variable of the batch after another.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Cached p_, log_p_;
};

}  // namespace nn::distributions
