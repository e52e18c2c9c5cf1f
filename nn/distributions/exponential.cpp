#include "nn/distributions/exponential.h"

#include <limits>

#include "autograd/array/random.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Exponential::log_prob(const Variable& x) const {
  return F::select(x >= 0, F::log(lam_) - lam_ * x, -std::numeric_limits<double>::infinity());
}

Variable Exponential::cdf(const Variable& x) const { return -F::expm1(-lam_ * x); }
Variable Exponential::icdf(const Variable& x) const { return -F::log1p(-x) / lam_; }
Variable Exponential::entropy() const { return 1 - F::log(lam_); }
Variable Exponential::mean() const { return 1 / lam_; }
Variable Exponential::variance() const { return F::square(1 / lam_); }
Variable Exponential::stddev() const { return 1 / lam_; }

Variable Exponential::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return Variable(F::array::standard_exponential(with_samples(n, lam_.shape()), lam_.dtype(),
                                                 generator)) /
         lam_;
}

}  // namespace nn::distributions
