#include "autograd/functions/loss/negative_sampling.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"

namespace autograd::inline functions {

Variable negative_sampling(const Variable& x, ArrayLike t, const Variable& W,
                           const Sampler& sampler, std::int64_t sample_size, Reduce reduce) {
  return negative_sampling_with_samples(x, t, W, sampler, sample_size, reduce).loss;
}

NegativeSampling negative_sampling_with_samples(const Variable& x, ArrayLike given,
                                                const Variable& W, const Sampler& sampler,
                                                std::int64_t sample_size, Reduce reduce) {
  constexpr std::string_view op = "negative_sampling";
  constexpr std::int64_t kIgnored = -1;
  if (reduce != Reduce::sum && reduce != Reduce::no)
    throw Error(fmt::format("{}: reduce must be sum or no, but it is {}", op, name(reduce)));
  Check(op, {{"x", x}, {"W", W}})
      .floats()
      .ndim(2)
      .that(x.length(1) == W.length(1), "x.shape[1] must equal W.shape[1]");
  Check(op, {{"x", x}, {"t", given.array()}})
      .that(is_integer(given.array().dtype()) && given.array().shape() == Shape{x.length(0)},
            "t must hold one integer for each row of x");
  if (sample_size < 0)
    throw Error(fmt::format("{}: sample_size must not be negative, but it is {}", op, sample_size));
  const Array t = given.array().astype(Dtype::int64);
  labels::require_between(op, t, 0, W.length(0) - 1, kIgnored);

  const std::int64_t n = x.length(0), each = length_sum(op, sample_size, 1);
  Array samples = sampler({n, each});
  Check(op, {{"samples", samples}})
      .that(is_integer(samples.dtype()) && samples.shape() == Shape{n, each},
            "the sampler must give integers of the shape that it is called with");
  samples.slice(1, 0, 1).assign(t.expand_dims(1));
  const Array counts = array::not_equal(t, Array::scalar(kIgnored)).expand_dims(1);
  const Array none = Array::scalar<std::int64_t>(0);
  // In rows that do not count, any class will do.
  const Array classes = array::where(counts, samples.astype(Dtype::int64), none);
  labels::require_between(op, classes, 0, W.length(0) - 1);
  const Variable scores = squeeze(matmul(embed_id(classes, W), expand_dims(x, 2)), 2);
  Array signs = Array::ones({each}, x.dtype());
  signs.slice(0, 0, 1).fill(-1);
  const Variable terms = where(counts, softplus(scores * signs), Array::zeros({}, x.dtype()));
  return {reduce == Reduce::no ? sum(terms, 1) : sum(terms), samples};
}

}  // namespace autograd::inline functions
