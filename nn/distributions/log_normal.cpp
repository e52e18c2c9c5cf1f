#include "nn/distributions/log_normal.h"

#include "autograd/array/random.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable LogNormal::log_prob(const Variable& x) const {
  const Variable log_x = F::log(x);
  return -kHalfLogTwoPi - F::log(sigma_) - log_x - 0.5 * F::square((log_x - mu_) / sigma_);
}

Variable LogNormal::entropy() const { return 0.5 + kHalfLogTwoPi + F::log(sigma_) + mu_; }
Variable LogNormal::mean() const { return F::exp(mu_ + 0.5 * F::square(sigma_)); }
Variable LogNormal::variance() const {
  const Variable square = F::square(sigma_);
  return F::exp(2 * mu_ + square) * F::expm1(square);
}

Variable LogNormal::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Variable eps = F::as_variable(
      F::array::standard_normal(with_samples(n, mu_.shape()), mu_.dtype(), generator));
  return F::exp(sigma_ * eps + mu_);
}

}  // namespace nn::distributions
