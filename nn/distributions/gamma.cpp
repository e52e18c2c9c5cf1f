#include "nn/distributions/gamma.h"

#include <limits>

#include "autograd/array/random.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Gamma::log_prob(const Variable& x) const {
  const Variable log_p =
      F::weighted(k_ - 1, F::log(x)) - x / theta_ - F::lgamma(k_) - k_ * F::log(theta_);
  constexpr double inf = std::numeric_limits<double>::infinity();
  return F::select(x >= 0 && x < inf, log_p, -inf);  // at inf the exponential decides
}

Variable Gamma::entropy() const {
  return k_ + F::log(theta_) + F::lgamma(k_) + (1 - k_) * F::digamma(k_);
}
Variable Gamma::mean() const { return k_ * theta_; }
Variable Gamma::variance() const { return mean() * theta_; }
Variable Gamma::stddev() const { return F::sqrt(k_) * theta_; }

Variable Gamma::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Array k = k_.array().broadcast_to(with_samples(n, k_.shape()));
  return theta_ * Variable(F::array::standard_gamma(k, generator));
}

}  // namespace nn::distributions
