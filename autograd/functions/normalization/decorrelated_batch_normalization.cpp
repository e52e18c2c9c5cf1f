#include "autograd/functions/normalization/decorrelated_batch_normalization.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/arithmetic.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/symmetric.h"

namespace autograd::inline functions {
namespace {

// x (N, C, ...) as (groups, C / groups, elements of a channel), and back.
class Grouped {
 public:
  Grouped(std::string_view op, const Variable& x, std::int64_t groups) : shape_(x.shape()) {
    Check(op, {{"x", x}}).floats().that(x.ndim() >= 2, "x must have at least 2 axes");
    if (groups < 1 || x.length(1) % groups != 0)
      Check(op, {{"x", x}})
          .fail(fmt::format("the channels must be divisible into {} groups", groups));
    channels_ = x.length(1) / groups;
    elements_ = x.shape()[0] * x.shape().slice(2, x.ndim()).elements();
    rows_ = reshape(swapaxes(x, 0, 1), {groups, channels_, elements_});
  }

  const Variable& rows() const { return rows_; }
  std::int64_t channels() const { return channels_; }
  std::int64_t elements() const { return elements_; }
  Variable back(const Variable& rows) const {
    Shape swapped = shape_;
    std::swap(swapped[0], swapped[1]);
    return swapaxes(reshape(rows, swapped), 0, 1);
  }

 private:
  Shape shape_;
  std::int64_t channels_, elements_;
  Variable rows_;
};

// running = decay running + (1 - decay) factor value, in place.
void move_towards(Array running, double decay, double factor, const Array& value) {
  running.assign(running * decay + value.reshape(running.shape()) * ((1 - decay) * factor));
}

// (groups, C, C): `scale` times the unit matrix.
Array unit_matrix(std::int64_t n, double scale, Dtype dtype) {
  Array unit = Array::zeros({n, n}, dtype);
  if (n > 0) unit.as_strided({n}, {n + 1}).fill(scale);
  return unit;
}

}  // namespace

Variable decorrelated_batch_normalization(const Variable& x,
                                          const DecorrelatedBatchNormalizationOptions& o) {
  constexpr std::string_view op = "decorrelated_batch_normalization";
  const Grouped grouped(op, x, o.groups);
  const std::int64_t c = grouped.channels();
  if (o.running_mean)
    Check(op, {{"x", x}, {"running_mean", o.running_mean}})
        .floats()
        .that(o.running_mean.shape() == Shape{o.groups, c},
              "running_mean must be (groups, C / groups)");
  if (o.running_projection)
    Check(op, {{"x", x}, {"running_projection", o.running_projection}})
        .floats()
        .that(o.running_projection.shape() == Shape{o.groups, c, c},
              "running_projection must be (groups, C / groups, C / groups)");
  const auto m = static_cast<double>(grouped.elements());
  if (grouped.elements() == 0) return grouped.back(grouped.rows());

  const Variable mean = sum(grouped.rows(), 2, true) / m, centred = grouped.rows() - mean;
  const Variable covariance =
      matmul(centred, centred, false, true) / m + unit_matrix(c, o.eps, x.dtype());
  const Variable projection = inverse_square_root(op, covariance);
  Variable y = grouped.back(matmul(projection, centred));
  if (o.running_mean) move_towards(o.running_mean, o.decay, 1, mean.array());
  if (o.running_projection)
    move_towards(o.running_projection, o.decay, m / std::max(m - 1, 1.0), projection.array());
  return y;
}

Variable fixed_decorrelated_batch_normalization(const Variable& x, const Variable& mean,
                                                const Variable& projection, std::int64_t groups) {
  constexpr std::string_view op = "fixed_decorrelated_batch_normalization";
  const Grouped grouped(op, x, groups);
  const std::int64_t c = grouped.channels();
  Check(op, {{"x", x}, {"mean", mean}, {"projection", projection}})
      .floats()
      .that(mean.shape() == Shape{groups, c}, "mean must be (groups, C / groups)")
      .that(projection.shape() == Shape{groups, c, c},
            "projection must be (groups, C / groups, C / groups)");
  return grouped.back(matmul(projection, grouped.rows() - expand_dims(mean, 2)));
}

}  // namespace autograd::inline functions
