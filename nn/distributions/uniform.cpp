#include "nn/distributions/uniform.h"

#include <limits>

#include "autograd/array/random.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"

namespace nn::distributions {

namespace F = autograd;

Uniform::Uniform(const Parameters& p)
    : given_high_(static_cast<bool>(p.high)),
      low_(p.low ? p.low : p.loc),
      high_(p.high),
      scale_(p.scale) {
  require_one("Uniform", "low and high", p.low && p.high, "loc and scale", p.loc && p.scale);
}

Variable Uniform::low() const {
  return low_.get([] { return Variable(); });
}
Variable Uniform::high() const {
  return high_.get([&] { return loc() + scale(); });
}
Variable Uniform::scale() const {
  return scale_.get([&] { return high() - low(); });
}

std::map<std::string, Variable> Uniform::params() const {
  if (given_high_) return {{"low", low()}, {"high", high()}};
  return {{"loc", loc()}, {"scale", scale()}};
}

Variable Uniform::log_prob(const Variable& x) const {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const F::Condition inside = x >= low() && x <= high();
  return F::select(inside, F::broadcast_to(-F::log(scale()), inside.truth.shape()), -inf);
}

Variable Uniform::cdf(const Variable& x) const { return F::clip((x - loc()) / scale(), 0, 1); }
Variable Uniform::icdf(const Variable& x) const { return x * scale() + loc(); }
Variable Uniform::entropy() const { return F::log(scale()); }
Variable Uniform::mean() const { return (high() + low()) * 0.5; }
Variable Uniform::variance() const { return F::square(scale()) / 12; }
Variable Uniform::stddev() const { return 0.28867513459481287 * scale(); }  // 1 / sqrt(12)

Variable Uniform::sample_n(std::int64_t n, F::random::Generator& generator) const {
  return icdf(F::array::rand(with_samples(n, low().shape()), low().dtype(), generator));
}

}  // namespace nn::distributions
