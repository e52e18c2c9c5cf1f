#include "nn/distributions/dirichlet.h"

#include "autograd/array/random_distributions.h"
#include "autograd/base/check.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable log_multivariate_beta(const Variable& x) {
  return F::sum(F::lgamma(x), -1) - F::lgamma(F::sum(x, -1));
}

Dirichlet::Dirichlet(const Variable& alpha) : alpha_(alpha) {
  if (alpha.ndim() == 0)
    F::Check("Dirichlet", {{"alpha", alpha}}).fail("the numbers of an event need an axis");
}

Variable Dirichlet::alpha0() const { return F::sum(alpha_, -1); }
Shape Dirichlet::batch_shape() const { return alpha_.shape().slice(0, alpha_.ndim() - 1); }
Shape Dirichlet::event_shape() const {
  return alpha_.shape().slice(alpha_.ndim() - 1, alpha_.ndim());
}

Variable Dirichlet::log_prob(const Variable& x) const {
  return F::sum(F::weighted(alpha_ - 1, F::log(x)), -1) - log_multivariate_beta(alpha_);
}

Variable Dirichlet::entropy() const {
  const Variable sum = alpha0();
  return log_multivariate_beta(alpha_) +
         (sum - static_cast<double>(alpha_.shape().back())) * F::digamma(sum) -
         F::sum((alpha_ - 1) * F::digamma(alpha_), -1);
}

Variable Dirichlet::mean() const { return alpha_ / F::sum(alpha_, -1, true); }

Variable Dirichlet::variance() const {
  const Variable sum = F::sum(alpha_, -1, true);
  return alpha_ / sum * ((sum - alpha_) / sum) / (sum + 1);
}

Variable Dirichlet::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Array rows = alpha_.array().reshape({batch_shape().elements(), alpha_.shape().back()});
  return F::as_variable(
      F::array::dirichlet(rows, n, generator).reshape(with_samples(n, alpha_.shape())));
}

}  // namespace nn::distributions
