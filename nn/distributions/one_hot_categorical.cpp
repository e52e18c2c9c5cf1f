#include "nn/distributions/one_hot_categorical.h"

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

OneHotCategorical::OneHotCategorical(const Variable& p) : p_(p) {
  if (p.ndim() == 0) F::Check("OneHotCategorical", {{"p", p}}).fail("the classes need an axis");
}

Variable OneHotCategorical::log_p() const { return F::log(p_); }
Shape OneHotCategorical::batch_shape() const { return p_.shape().slice(0, p_.ndim() - 1); }
Shape OneHotCategorical::event_shape() const { return p_.shape().slice(p_.ndim() - 1, p_.ndim()); }

Variable OneHotCategorical::log_prob(const Variable& x) const {
  const Variable chosen = is_float(x.dtype()) ? x : F::as_variable(x.array().astype(p_.dtype()));
  return F::sum(F::weighted(chosen, log_p()), -1);
}

Variable OneHotCategorical::variance() const { return p_ * (1 - p_); }

Variable OneHotCategorical::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const std::int64_t classes = p_.shape().back();
  const Array rows = p_.array().reshape({batch_shape().elements(), classes});
  const Array chosen = F::array::choice(rows, n, generator).expand_dims(2);
  return F::as_variable(F::array::equal(chosen, Array::arange(classes))
                            .astype(p_.dtype())
                            .reshape(with_samples(n, p_.shape())));
}

}  // namespace nn::distributions
