#include "nn/distributions/categorical.h"

#include "autograd/array/compare.h"
#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/special.h"
#include "autograd/functions/support/labels.h"
#include "nn/distributions/parameters.h"

namespace nn::distributions {

namespace F = autograd;

Categorical::Categorical(const Parameters& given)
    : p_(given.p), log_p_(given.logit ? F::log_softmax(given.logit, -1) : Variable()) {
  require_one("Categorical", "p", static_cast<bool>(given.p), "logit",
              static_cast<bool>(given.logit));
  if (log_p().ndim() == 0)
    F::Check("Categorical", {{given.p ? "p" : "logit", log_p()}}).fail("the classes need an axis");
}

Variable Categorical::p() const {
  return p_.get([&] { return F::exp(log_p()); });
}
Variable Categorical::log_p() const {
  return log_p_.get([&] { return F::log(p()); });
}

Shape Categorical::batch_shape() const { return log_p().shape().slice(0, log_p().ndim() - 1); }

Variable Categorical::log_prob(const Variable& x) const {
  F::Check("Categorical.log_prob", {{"x", x}})
      .that(F::is_integer(x.dtype()) || is_float(x.dtype()), "x must hold numbers");
  const Array labels = x.array().astype(F::Dtype::int64);
  const std::int64_t classes = log_p().shape().back();
  F::labels::require_between("Categorical.log_prob", labels, 0, classes - 1);
  // The classes are on the last axis. The sum keeps only the term of the label.
  const Array chosen = F::array::equal(labels.expand_dims(labels.ndim()), Array::arange(classes));
  return F::sum(F::where(chosen, log_p(), Array::zeros({}, log_p().dtype())), -1);
}

Variable Categorical::entropy() const { return -F::sum(F::xlogx(p()), -1); }

Variable Categorical::sample_n(std::int64_t n, F::random::Generator& generator) const {
  const Shape batch = batch_shape();
  const Array rows = p().array().reshape({batch.elements(), p().shape().back()});
  return F::as_variable(F::array::choice(rows, n, generator).reshape(with_samples(n, batch)));
}

}  // namespace nn::distributions
