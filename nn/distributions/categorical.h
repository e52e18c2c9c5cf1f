#pragma once

#include "nn/distributions/distribution.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

// A class 0, ..., K - 1: the last axis of p holds their probabilities, or that of logit their
// logarithms up to a constant. x holds integers; log p(x) is the logarithm of that class's
// probability.
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
  Variable log_prob(const Variable& x) const override;
  Variable entropy() const override;
  // int32; NumPy's choice, the variables of the batch one after another.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Cached p_, log_p_;
};

}  // namespace nn::distributions
