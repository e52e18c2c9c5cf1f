#include "nn/distributions/poisson.h"

#include "autograd/array/random_distributions.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Poisson::log_prob(const Variable& x) const {
  const Variable count = F::as_variable(x.array().astype(lam_.dtype()));
  return F::weighted(count, F::log(lam_)) - F::lgamma(count + 1) - lam_;
}

Variable Poisson::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return F::as_variable(
      F::array::poisson(lam_.array().broadcast_to(with_samples(n, lam_.shape())), generator));
}

}  // namespace nn::distributions
