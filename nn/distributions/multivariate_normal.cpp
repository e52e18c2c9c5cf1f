#include "nn/distributions/multivariate_normal.h"

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/linear_algebra.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"

namespace nn::distributions {

namespace F = autograd;

MultivariateNormal::MultivariateNormal(const Parameters& p)
    : loc_(p.loc), scale_tril_(p.scale_tril) {
  require_given("MultivariateNormal", "loc", p.loc);
  require_given("MultivariateNormal", "scale_tril", p.scale_tril);
  const Shape &loc = loc_.shape(), &scale = scale_tril_.shape();
  F::Check("MultivariateNormal", {{"loc", loc_}, {"scale_tril", scale_tril_}})
      .that(loc.ndim() > 0 && scale.ndim() > 1 && scale.back() == loc.back() &&
                scale[scale.ndim() - 2] == loc.back(),
            "loc must be (..., d) and scale_tril (..., d, d)");
}

Shape MultivariateNormal::batch_shape() const { return loc_.shape().slice(0, loc_.ndim() - 1); }
Shape MultivariateNormal::event_shape() const {
  return loc_.shape().slice(loc_.ndim() - 1, loc_.ndim());
}

Variable MultivariateNormal::log_det_scale() const {
  return F::sum(F::log(F::absolute(F::diagonal(scale_tril_, 0, -2, -1))), -1);
}

// The other half of the gradient is 0, since that half is not read.
Variable MultivariateNormal::inverse_scale() const {
  const std::int64_t n = loc_.shape().back();
  const Array places = Array::arange(n);
  const Array lower = places.expand_dims(1) >= places;
  const Variable matrices = F::where(lower, scale_tril_, Array::zeros({}, scale_tril_.dtype()));
  const Shape shape = matrices.shape();
  const std::int64_t count = shape.slice(0, shape.ndim() - 2).elements();
  return F::reshape(F::batch_inv(F::reshape(matrices, {count, n, n})), shape);
}

Variable MultivariateNormal::log_prob(const Variable& x) const {
  const Variable white = F::matmul(inverse_scale(), F::expand_dims(x - loc_, -1));
  return -kHalfLogTwoPi * d() - log_det_scale() - 0.5 * F::sum(F::square(white), {-2, -1});
}

Variable MultivariateNormal::entropy() const {
  return log_det_scale() + (kHalfLogTwoPi + 0.5) * d();
}

Variable MultivariateNormal::variance() const { return F::sum(F::square(scale_tril_), -1); }
Variable MultivariateNormal::covariance() const {
  return F::matmul(scale_tril_, scale_tril_, false, true);
}

Variable MultivariateNormal::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Variable eps = F::as_variable(
      F::array::standard_normal(with_samples(n, loc_.shape()), loc_.dtype(), generator));
  return loc_ + F::squeeze(F::matmul(scale_tril_, F::expand_dims(eps, -1)), -1);
}

}  // namespace nn::distributions
