#include "nn/distributions/geometric.h"

#include "autograd/array/random_distributions.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Geometric::log_prob(const Variable& x) const {
  const Variable count = is_float(x.dtype()) ? x : F::as_variable(x.array().astype(p_.dtype()));
  return F::weighted(count - 1, F::log1p(-p_)) + F::log(p_);
}

Variable Geometric::mean() const { return 1 / p_; }
Variable Geometric::variance() const { return (1 - p_) / F::square(p_); }

Variable Geometric::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return F::as_variable(
      F::array::geometric(p_.array().broadcast_to(with_samples(n, p_.shape())), generator));
}

}  // namespace nn::distributions
