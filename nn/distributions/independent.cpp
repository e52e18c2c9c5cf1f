#include "nn/distributions/independent.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "autograd/array/compare.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/math/scan.h"

namespace nn::distributions {

namespace F = autograd;

Independent::Independent(std::shared_ptr<const Distribution> distribution,
                         std::optional<int> reinterpreted_batch_ndims)
    : distribution_(std::move(distribution)) {
  const int ndim = distribution_->batch_shape().ndim();
  ndims_ = reinterpreted_batch_ndims.value_or(std::max(0, ndim - 1));
  if (ndims_ < 0 || ndims_ > ndim)
    throw F::Error(fmt::format(
        "Independent: reinterpreted_batch_ndims must lie between 0 and the number of batch axes, "
        "but it is {} and the batch shape of {} is {}",
        ndims_, distribution_->name(), to_string(distribution_->batch_shape())));
}

Shape Independent::batch_shape() const {
  const Shape shape = distribution_->batch_shape();
  return shape.slice(0, shape.ndim() - ndims_);
}

Shape Independent::event_shape() const {
  const Shape shape = distribution_->batch_shape();
  Shape event = shape.slice(shape.ndim() - ndims_, shape.ndim());
  for (std::int64_t n : distribution_->event_shape()) event.push_back(n);
  return event;
}

// The last `count` axes.
static F::Axes last_axes(int count) {
  std::vector<int> axes(static_cast<std::size_t>(count));
  std::iota(axes.begin(), axes.end(), -count);
  return F::Axes(axes);
}

Variable Independent::summed(const Variable& x) const {
  return ndims_ == 0 ? x : F::sum(x, last_axes(ndims_));
}
Variable Independent::multiplied(const Variable& x) const {
  return ndims_ == 0 ? x : F::prod(x, last_axes(ndims_));
}

Variable Independent::covariance() const {
  const Variable blocks = distribution_->covariance();
  const std::int64_t d = blocks.shape().back();
  const Shape inner = distribution_->batch_shape();
  const std::int64_t n = inner.slice(inner.ndim() - ndims_, inner.ndim()).elements();
  const auto shape = [&](std::initializer_list<std::int64_t> last) {
    Shape all = batch_shape();
    for (const std::int64_t length : last) all.push_back(length);
    return all;
  };
  const Array places = Array::arange(n);
  const Array same = F::array::equal(places.expand_dims(1), places).astype(blocks.dtype());
  return F::reshape(
      F::reshape(blocks, shape({n, d, 1, d})) * F::as_variable(same.reshape({n, 1, n, 1})),
      shape({n * d, n * d}));
}

}  // namespace nn::distributions
