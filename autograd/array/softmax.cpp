#include "autograd/array/softmax.h"

#include <array>
#include <limits>

#include "autograd/array/compare.h"
#include "autograd/array/launch.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "autograd/kernels/ops/exponential.h"
#include "autograd/kernels/softmax.h"

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

// Whether an axis is a row of neighbours, which a kernel takes at once.
bool is_row(const Array& x, int axis) {
  return x.shape().slice(axis + 1, x.ndim()).elements() == 1;
}

// Calls row(offset of its first element, n) for each row of n elements.
template <class Row>
void for_rows(std::int64_t size, std::int64_t n, const Row& row) {
  parallel::for_chunks(size / n, kGrain / n + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) row(i * n, n);
  });
}

// An array like x, row by row by the kernel that Kernel picks.
template <class Pick, class... More>
Array by_rows(int axis, const Pick& pick, const Array& x0, const More&... more0) {
  const std::array<Array, 1 + sizeof...(More)> x{x0.contiguous(), more0.contiguous()...};
  Array y = Array::empty(x0.shape(), x0.dtype());
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto kernel = pick(kernels::softmax<T>());
    T* q = y.mutable_data<T>();
    for_rows(y.size(), y.length(axis), [&](std::int64_t at, std::int64_t n) {
      if constexpr (sizeof...(More) == 0)
        kernel(x[0].template data<T>() + at, n, q + at);
      else
        kernel(x[0].template data<T>() + at, x[1].template data<T>() + at, n, q + at);
    });
  });
  return y;
}

}  // namespace

Array logsumexp(const Array& x, const Axes& axes, bool keepdims) {
  const Axes::Flags reduced = axes.flags("logsumexp", x.ndim());
  const Shape shape = reduced_shape(x.shape(), reduced, keepdims);
  if (nothing(x)) return Array::full(shape, -std::numeric_limits<double>::infinity(), x.dtype());
  int axis = 0;
  while (!reduced[axis] && axis + 1 < x.ndim()) ++axis;
  if (x.ndim() > 0 && reduced[axis] && is_row(x, axis)) {
    Array y = Array::empty(shape, x.dtype());
    const Array rows = x.contiguous();
    visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
      const auto kernel = kernels::softmax<T>().logsumexp;
      T* q = y.mutable_data<T>();
      for_rows(x.size(), x.length(axis), [&](std::int64_t at, std::int64_t n) {
        q[at / n] = kernel(rows.data<T>() + at, n);
      });
    });
    return y;
  }
  const Array m = shift(x, axes);
  const Array total = sum(map(ops::ExpDifference{}, x, m), axes, true);
  return map(ops::Add{}, map(ops::Log{}, total), m).reshape(shape);
}

Array logsumexp_gradient(const Array& x0, const Array& y0, const Array& gy0) {
  // A row is what shares one y.
  std::int64_t n = 1;
  int axis = x0.ndim();
  while (axis > 0 && y0.length(axis - 1) == 1) n *= x0.length(--axis);
  if (n == 1 || x0.size() == 0 || y0.size() * n != x0.size())
    return map(ops::Mul{}, gy0, map(ops::ExpDifference{}, x0, y0));
  const Array x = x0.contiguous(), y = y0.contiguous(), gy = gy0.contiguous();
  Array gx = Array::empty(x.shape(), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto kernel = kernels::softmax<T>().scaled_exp;
    const T *p = x.data<T>(), *shift = y.data<T>(), *scale = gy.data<T>();
    T* q = gx.mutable_data<T>();
    for_rows(x.size(), n, [&](std::int64_t at, std::int64_t) {
      kernel(p + at, n, shift[at / n], scale[at / n], q + at);
    });
  });
  return gx;
}

Array softmax(const Array& x, int axis) {
  if (nothing(x)) return x;
  if (is_row(x, axis))
    return by_rows(
        axis, [](const auto& k) { return k.softmax; }, x);
  const Array powers = map(ops::ExpDifference{}, x, shift(x, axis));
  return map(ops::Div{}, powers, sum(powers, axis, true));
}

Array log_softmax(const Array& x, int axis) {
  if (nothing(x)) return x;
  if (is_row(x, axis))
    return by_rows(
        axis, [](const auto& k) { return k.log_softmax; }, x);
  return map(ops::Sub{}, x, logsumexp(x, axis, true));
}

Array softmax_gradient(const Array& y, const Array& gy, int axis) {
  if (nothing(y)) return gy;
  if (is_row(y, axis))
    return by_rows(
        axis, [](const auto& k) { return k.softmax_gradient; }, y, gy);
  const Array total = sum(map(ops::Mul{}, y, gy), axis, true);
  return map(ops::Mul{}, y, map(ops::Sub{}, gy, total));
}

Array log_softmax_gradient(const Array& y, const Array& gy, int axis) {
  if (nothing(y)) return gy;
  if (is_row(y, axis))
    return by_rows(
        axis, [](const auto& k) { return k.log_softmax_gradient; }, y, gy);
  return map(ops::Sub{}, gy, map(ops::Mul{}, map(ops::Exp{}, y), sum(gy, axis, true)));
}

}  // namespace autograd::array
