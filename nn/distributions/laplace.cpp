#include "nn/distributions/laplace.h"

#include "autograd/array/random.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable Laplace::log_prob(const Variable& x) const {
  return -(F::log(scale_) + 0.6931471805599453) - F::absolute(x - loc_) / scale_;  // log(2)
}

// Each side has its own formula, so that the left tail is accurate. With |t|, the gradient at loc
// would be 0.
Variable Laplace::cdf(const Variable& x) const {
  const Variable t = (x - loc_) / scale_;
  const Variable left = 0.5 * F::exp(F::minimum(t, 0)), right = 1 - 0.5 * F::exp(-F::maximum(t, 0));
  return F::select(t > 0, right, left);
}

Variable Laplace::icdf(const Variable& x) const {
  const Variable left = F::log(2 * F::minimum(x, 0.5)),
                 right = F::log(2 * (1 - F::maximum(x, 0.5)));
  return loc_ + scale_ * F::select(x > 0.5, -right, left);
}

Variable Laplace::entropy() const { return F::log(scale_) + 1.6931471805599453; }
Variable Laplace::variance() const { return 2 * F::square(scale_); }
Variable Laplace::stddev() const { return 1.4142135623730951 * scale_; }

Variable Laplace::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return scale_ *
             Variable(F::array::laplace(with_samples(n, loc_.shape()), loc_.dtype(), generator)) +
         loc_;
}

}  // namespace nn::distributions
