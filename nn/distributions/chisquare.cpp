#include "nn/distributions/chisquare.h"

#include <cmath>

#include "autograd/array/random_distributions.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Chisquare::log_prob(const Variable& x) const {
  const Variable half = 0.5 * k_;
  return F::weighted(half - 1, F::log(x)) - 0.5 * x - F::lgamma(half) - M_LN2 * half;
}

Variable Chisquare::entropy() const {
  const Variable half = 0.5 * k_;
  return half + M_LN2 + F::lgamma(half) + (1 - half) * F::digamma(half);
}

Variable Chisquare::variance() const { return 2 * k_; }

Variable Chisquare::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return F::as_variable(
      F::array::chisquare(k_.array().broadcast_to(with_samples(n, k_.shape())), generator));
}

}  // namespace nn::distributions
