#include "autograd/array/softmax.h"

#include <limits>

#include "autograd/array/compare.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "autograd/kernels/ops/exponential.h"

namespace autograd::array {
namespace {

// The greatest element along the axes, where it can be subtracted; else 0.
Array shift(const Array& x, const Axes& axes) {
  const Array m = max(x, axes, true);
  const Array infinity = Array::full({}, std::numeric_limits<double>::infinity(), x.dtype());
  return where(equal(map(ops::Absolute{}, m), infinity), Array::zeros({}, x.dtype()), m);
}

// An empty axis has no greatest element, but what is computed along it is empty, too.
bool nothing(const Array& x) { return x.size() == 0; }

}  // namespace

Array logsumexp(const Array& x, const Axes& axes, bool keepdims) {
  const Axes::Flags reduced = axes.flags("logsumexp", x.ndim());
  const Shape shape = reduced_shape(x.shape(), reduced, keepdims);
  if (nothing(x)) return Array::full(shape, -std::numeric_limits<double>::infinity(), x.dtype());
  const Array m = shift(x, axes);
  const Array total = sum(map(ops::ExpDifference{}, x, m), axes, true);
  return map(ops::Add{}, map(ops::Log{}, total), m).reshape(shape);
}

Array softmax(const Array& x, int axis) {
  if (nothing(x)) return x;
  const Array powers = map(ops::ExpDifference{}, x, shift(x, axis));
  return map(ops::Div{}, powers, sum(powers, axis, true));
}

Array log_softmax(const Array& x, int axis) {
  if (nothing(x)) return x;
  return map(ops::Sub{}, x, logsumexp(x, axis, true));
}

}  // namespace autograd::array
