#include "nn/distributions/beta.h"

#include <limits>

#include "autograd/array/random.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/special.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Variable log_beta(const Variable& a, const Variable& b) {
  return F::lgamma(a) + F::lgamma(b) - F::lgamma(a + b);
}

Variable Beta::log_prob(const Variable& x) const {
  const Variable log_p =
      F::weighted(a_ - 1, F::log(x)) + F::weighted(b_ - 1, F::log1p(-x)) - log_beta(a_, b_);
  return F::select(x >= 0 && x <= 1, log_p, -std::numeric_limits<double>::infinity());
}

Variable Beta::entropy() const {
  const Variable s = a_ + b_;
  return log_beta(a_, b_) - (a_ - 1) * F::digamma(a_) - (b_ - 1) * F::digamma(b_) +
         (s - 2) * F::digamma(s);
}

Variable Beta::mean() const { return a_ / (a_ + b_); }

Variable Beta::variance() const {
  const Variable s = a_ + b_;
  return a_ / s * (b_ / s) / (s + 1);
}

Variable Beta::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Shape shape = with_samples(n, a_.shape());
  return F::as_variable(
      F::array::beta(a_.array().broadcast_to(shape), b_.array().broadcast_to(shape), generator));
}

}  // namespace nn::distributions
