#include "nn/distributions/pareto.h"

#include <limits>

#include "autograd/array/random_distributions.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

static constexpr double kNoMoment = std::numeric_limits<double>::infinity();

Variable Pareto::log_prob(const Variable& x) const {
  const Variable log_p = F::log(alpha_) + alpha_ * F::log(scale_) - (alpha_ + 1) * F::log(x);
  return F::select(x >= scale_, log_p, -kNoMoment);
}

Variable Pareto::entropy() const { return F::log(scale_) - F::log(alpha_) + 1 / alpha_ + 1; }

Variable Pareto::mean() const {
  return F::select(alpha_ > 1, alpha_ * scale_ / (alpha_ - 1), kNoMoment);
}

Variable Pareto::variance() const {
  return F::select(alpha_ > 2, F::square(scale_) * alpha_ / F::square(alpha_ - 1) / (alpha_ - 2),
                   kNoMoment);
}

Variable Pareto::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Array alpha = alpha_.array().broadcast_to(with_samples(n, scale_.shape()));
  return scale_ * (F::as_variable(F::array::pareto(alpha, generator)) + 1);
}

}  // namespace nn::distributions
