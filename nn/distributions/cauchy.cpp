#include "nn/distributions/cauchy.h"

#include <cmath>
#include <limits>

#include "autograd/array/random_distributions.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/trigonometric.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Cauchy::log_prob(const Variable& x) const {
  return -F::log(M_PI * scale_) - F::log1p(F::square((x - loc_) / scale_));
}

// The angle from the positive axis, which keeps the digits of the left tail.
Variable Cauchy::cdf(const Variable& x) const { return F::arctan2(scale_, loc_ - x) / M_PI; }
Variable Cauchy::survival_function(const Variable& x) const {
  return F::arctan2(scale_, x - loc_) / M_PI;
}
Variable Cauchy::icdf(const Variable& x) const { return loc_ + scale_ * F::tan((x - 0.5) * M_PI); }
Variable Cauchy::entropy() const { return F::log(4 * M_PI * scale_); }

Variable Cauchy::mean() const {
  return F::as_variable(
      Array::full(loc_.shape(), std::numeric_limits<double>::quiet_NaN(), loc_.dtype()));
}
Variable Cauchy::variance() const { return mean(); }

Variable Cauchy::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return scale_ * F::as_variable(F::array::standard_cauchy(with_samples(n, loc_.shape()),
                                                           loc_.dtype(), generator)) +
         loc_;
}

}  // namespace nn::distributions
