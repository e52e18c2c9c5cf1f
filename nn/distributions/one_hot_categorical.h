#pragma once

#include "nn/distributions/distribution.h"

namespace nn::distributions {

// One of K classes, as a vector that is 1 at the class and 0 elsewhere. The last axis of p, the
// probabilities, is the event: log p(x) = sum_i x_i log p_i, where x_i = 0 does not count.
class OneHotCategorical final : public Distribution {
 public:
  // Throws if p has no axis.
  explicit OneHotCategorical(const Variable& p);

  Variable p() const { return p_; }
  Variable log_p() const;

  std::string_view name() const override { return "OneHotCategorical"; }
  Shape batch_shape() const override;
  Shape event_shape() const override;
  std::map<std::string, Variable> params() const override { return {{"p", p_}}; }
  Variable log_prob(const Variable& x) const override;
  Variable mean() const override { return p_; }
  Variable variance() const override;
  // By NumPy's choice, for one variable of the batch after another, in p's dtype; no gradient flows.
  Variable sample_n(std::int64_t n, autograd::random::Generator& generator =
                                        autograd::random::generator()) const override;

 private:
  Variable p_;
};

}  // namespace nn::distributions
