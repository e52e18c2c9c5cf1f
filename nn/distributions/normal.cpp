#include "nn/distributions/normal.h"

#include "autograd/array/random.h"
#include "autograd/functions/loss/loss.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/special.h"

namespace nn::distributions {

namespace F = autograd;

Normal::Normal(const Parameters& p)
    : loc_(p.loc), scale_(p.scale), log_scale_(p.log_scale), has_log_scale_(p.log_scale) {
  require_given("Normal", "loc", p.loc);
  require_one("Normal", "scale", static_cast<bool>(p.scale), "log_scale",
              static_cast<bool>(p.log_scale));
}

Variable Normal::scale() const {
  return scale_.get([&] { return F::exp(log_scale()); });
}
Variable Normal::log_scale() const {
  return log_scale_.get([&] { return F::log(scale()); });
}

Variable Normal::log_prob(const Variable& x) const {
  return -F::gaussian_nll(x, loc_, 2 * log_scale(), F::Reduce::no);
}

Variable Normal::cdf(const Variable& x) const { return F::ndtr((x - loc_) / scale()); }
Variable Normal::log_cdf(const Variable& x) const { return F::log_ndtr((x - loc_) / scale()); }
Variable Normal::icdf(const Variable& x) const { return loc_ + scale() * F::ndtri(x); }
Variable Normal::survival_function(const Variable& x) const {
  return F::ndtr((loc_ - x) / scale());
}
Variable Normal::log_survival_function(const Variable& x) const {
  return F::log_ndtr((loc_ - x) / scale());
}
Variable Normal::entropy() const { return log_scale() + 1.4189385332046727; }  // log(2 pi e) / 2
Variable Normal::variance() const { return F::square(scale()); }

Variable Normal::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Variable eps = F::as_variable(
      F::array::standard_normal(with_samples(n, loc_.shape()), loc_.dtype(), generator));
  return loc_ + scale() * eps;
}

}  // namespace nn::distributions
