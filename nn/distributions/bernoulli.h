#pragma once

#include "nn/distributions/distribution.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

// 1 with probability p = sigmoid(logit), else 0. log p(x) = logit (x - 1) - log(1 + e^-logit),
// which is also defined for x between 0 and 1 (grey pixels); with binary_check it is -inf there. x
// gets no gradient. Unlike Chainer's, it does not overflow in float32 for a logit below -88.
class Bernoulli final : public Distribution {
 public:
  struct Parameters {
    VariableField p = {};      // either this
    VariableField logit = {};  // or this
    bool binary_check = false;
  };
  explicit Bernoulli(const Parameters& parameters);
  explicit Bernoulli(const Variable& p) : Bernoulli(Parameters{.p = p}) {}

  Variable p() const;
  Variable logit() const;
  bool has_logit() const { return !given_p_; }  // whether that was given

  std::string_view name() const override { return "Bernoulli"; }
  Shape batch_shape() const override;
  std::string_view support() const override { return "{0, 1}"; }
  std::map<std::string, Variable> params() const override { return {{"logit", logit()}}; }
  Variable log_prob(const Variable& x) const override;
  Variable prob(const Variable& x) const override;
  Variable entropy() const override;
  Variable mean() const override { return p(); }
  Variable variance() const override;
  // NumPy's binomial(1, p), in the dtype of p.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  bool given_p_, binary_check_;
  Cached p_, logit_;
};

}  // namespace nn::distributions
