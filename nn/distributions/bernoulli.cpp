#include "nn/distributions/bernoulli.h"

#include <limits>

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/loss/loss.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/special.h"

namespace nn::distributions {

namespace F = autograd;

Bernoulli::Bernoulli(const Parameters& given)
    : given_p_(static_cast<bool>(given.p)),
      binary_check_(given.binary_check),
      p_(given.p),
      logit_(given.logit) {
  require_one("Bernoulli", "p", given_p_, "logit", static_cast<bool>(given.logit));
}

Variable Bernoulli::p() const {
  return p_.get([&] { return F::sigmoid(logit()); });
}
Variable Bernoulli::logit() const {
  return logit_.get([&] { return F::log(p()) - F::log1p(-p()); });
}

Shape Bernoulli::batch_shape() const { return (given_p_ ? p() : logit()).shape(); }

// Computes the value from the given parameter, because the logit of a probability of 0 or 1 is
// infinite, and so is its slope.
Variable Bernoulli::log_prob(const Variable& x) const {
  // Without a gradient. Integers and bools are converted.
  const F::Dtype dtype = given_p_ ? p().dtype() : logit().dtype();
  const Variable value = F::as_variable(is_float(x.dtype()) ? x.array() : x.array().astype(dtype));
  if (!given_p_) return F::bernoulli_log_prob(logit(), value, binary_check_);
  const Variable log_p = F::weighted(value, F::log(p())) + F::weighted(1 - value, F::log1p(-p()));
  if (!binary_check_) return log_p;
  constexpr double inf = std::numeric_limits<double>::infinity();
  return F::select((value <= 0 && value >= 0) || (value <= 1 && value >= 1), log_p, -inf);
}

Variable Bernoulli::prob(const Variable& x) const {
  const Variable probability = x * p() + (1 - x) * (1 - p());
  if (!binary_check_) return probability;
  return F::select((x <= 0 && x >= 0) || (x <= 1 && x >= 1), probability, 0);
}

Variable Bernoulli::entropy() const { return -F::xlogx(p()) - F::xlogx(1 - p()); }
Variable Bernoulli::variance() const { return p() * (1 - p()); }

Variable Bernoulli::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return F::as_variable(
      F::array::bernoulli(p().array().broadcast_to(with_samples(n, p().shape())), generator));
}

}  // namespace nn::distributions
