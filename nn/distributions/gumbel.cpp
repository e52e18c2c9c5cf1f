#include "nn/distributions/gumbel.h"

#include <cmath>
#include <numbers>

#include "autograd/array/random.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;
using std::numbers::egamma;

Variable Gumbel::log_prob(const Variable& x) const {
  const Variable y = (x - loc_) / scale_;
  return -F::log(scale_) - y - F::exp(-y);
}

Variable Gumbel::entropy() const { return F::log(scale_) + (egamma + 1); }
Variable Gumbel::mean() const { return loc_ + egamma * scale_; }
Variable Gumbel::variance() const { return (M_PI * M_PI / 6) * F::square(scale_); }

Variable Gumbel::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return scale_ * F::as_variable(
                      F::array::gumbel(with_samples(n, loc_.shape()), loc_.dtype(), generator)) +
         loc_;
}

}  // namespace nn::distributions
