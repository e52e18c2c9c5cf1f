#include "autograd/array/softmax.h"

#include <array>
#include <limits>

#include "autograd/array/compare.h"
#include "autograd/array/launch.h"
#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "autograd/kernels/ops/exponential.h"
#include "autograd/kernels/softmax.h"

namespace autograd::array {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Array number(double value, const Array& like) { return Array::full({}, value, like.dtype()); }

Array is_infinite(const Array& x) { return equal(x, number(inf, x)); }
bool any_infinite(const Array& x) { return max(x).item() == inf; }

// The greatest element along the axes; 0 if it is infinite.
Array shift(const Array& x, const Axes& axes) {
  const Array m = max(x, axes, true);
  return where(equal(map(ops::Absolute{}, m), number(inf, x)), number(0, x), m);
}

// An empty axis has no greatest element, but its result is empty, too.
bool nothing(const Array& x) { return x.size() == 0; }

// Whether the elements along an axis are adjacent, so that a kernel processes a whole row.
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

// Applies the kernel Kernel to each row, and returns an array like x.
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

Array only_infinite(const Array& x) { return where(is_infinite(x), number(0, x), number(-inf, x)); }

ExpSum exp_sum(const Array& x, const Axes& axes) {
  const Axes::Flags reduced = axes.flags("logsumexp", x.ndim());
  const Shape shape = reduced_shape(x.shape(), reduced, true);
  if (nothing(x)) return {Array::zeros(shape, x.dtype()), Array::zeros(shape, x.dtype())};
  int axis = 0;
  while (!reduced[axis] && axis + 1 < x.ndim()) ++axis;
  if (x.ndim() > 0 && reduced[axis] && is_row(x, axis)) {
    const ExpSum sum{Array::empty(shape, x.dtype()), Array::empty(shape, x.dtype())};
    const Array rows = x.contiguous();
    visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
      const auto kernel = kernels::softmax<T>().exp_sum;
      T *m = Array(sum.shift).mutable_data<T>(), *total = Array(sum.total).mutable_data<T>();
      for_rows(x.size(), x.length(axis), [&](std::int64_t at, std::int64_t n) {
        total[at / n] = kernel(rows.data<T>() + at, n, &m[at / n]);
      });
    });
    return sum;
  }
  const Array m = shift(x, axes), total = sum(map(ops::ExpDifference{}, x, m), axes, true);
  if (!any_infinite(total)) return {m, total};
  const Array infinite = is_infinite(total);
  return {where(infinite, total, m), where(infinite, exp_sum(only_infinite(x), axes).total, total)};
}

Array logsumexp(const ExpSum& sum) {
  return map(ops::Add{}, map(ops::Log{}, sum.total), sum.shift);
}

Array logsumexp(const Array& x, const Axes& axes, bool keepdims) {
  const Shape shape = reduced_shape(x.shape(), axes.flags("logsumexp", x.ndim()), keepdims);
  return logsumexp(exp_sum(x, axes)).reshape(shape);
}

Array logsumexp_gradient(const Array& x0, const ExpSum& sum, const Array& gy) {
  const Array scale0 = map(ops::Div{}, gy, sum.total);
  // A row consists of the elements that share one sum.
  std::int64_t n = 1;
  int axis = x0.ndim();
  while (axis > 0 && sum.shift.length(axis - 1) == 1) n *= x0.length(--axis);
  if (n == 1 || x0.size() == 0 || sum.shift.size() * n != x0.size()) {
    const Array infinite = is_infinite(sum.shift);
    const Array x = where(infinite, only_infinite(x0), x0),
                m = where(infinite, number(0, x0), sum.shift);
    return map(ops::Mul{}, scale0, map(ops::ExpDifference{}, x, m));
  }
  const Array x = x0.contiguous(), m = sum.shift.contiguous(), scale = scale0.contiguous();
  Array gx = Array::empty(x.shape(), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto kernel = kernels::softmax<T>().scaled_exp;
    const T *p = x.data<T>(), *shift = m.data<T>(), *factor = scale.data<T>();
    T* q = gx.mutable_data<T>();
    for_rows(x.size(), n, [&](std::int64_t at, std::int64_t) {
      kernel(p + at, n, shift[at / n], factor[at / n], q + at);
    });
  });
  return gx;
}

Array softmax(const Array& x, int axis) {
  axis = normalize_axis("softmax", axis, x.ndim());
  if (nothing(x)) return x;
  if (is_row(x, axis))
    return by_rows(
        axis, [](const auto& k) { return k.softmax; }, x);
  const Array powers = map(ops::ExpDifference{}, x, shift(x, axis)),
              total = sum(powers, axis, true);
  if (any_infinite(total)) return softmax(where(is_infinite(total), only_infinite(x), x), axis);
  return map(ops::Div{}, powers, total);
}

Array log_softmax(const Array& x, int axis) {
  axis = normalize_axis("log_softmax", axis, x.ndim());
  if (nothing(x)) return x;
  if (is_row(x, axis))
    return by_rows(
        axis, [](const auto& k) { return k.log_softmax; }, x);
  const ExpSum sum = exp_sum(x, axis);
  if (any_infinite(sum.shift))
    return log_softmax(where(is_infinite(sum.shift), only_infinite(x), x), axis);
  return map(ops::Sub{}, map(ops::Sub{}, x, sum.shift), map(ops::Log{}, sum.total));
}

Array softmax_gradient(const Array& y, const Array& gy, int axis) {
  Check("softmax_gradient", {{"y", y}, {"gy", gy}}).floats().same_shape();
  axis = normalize_axis("softmax_gradient", axis, y.ndim());
  if (nothing(y)) return gy;
  if (is_row(y, axis))
    return by_rows(
        axis, [](const auto& k) { return k.softmax_gradient; }, y, gy);
  const Array total = sum(map(ops::Mul{}, y, gy), axis, true);
  return map(ops::Mul{}, y, map(ops::Sub{}, gy, total));
}

Array log_softmax_gradient(const Array& y, const Array& gy, int axis) {
  Check("log_softmax_gradient", {{"y", y}, {"gy", gy}}).floats().same_shape();
  axis = normalize_axis("log_softmax_gradient", axis, y.ndim());
  if (nothing(y)) return gy;
  if (is_row(y, axis))
    return by_rows(
        axis, [](const auto& k) { return k.log_softmax_gradient; }, y, gy);
  return map(ops::Sub{}, gy, map(ops::Mul{}, map(ops::Exp{}, y), sum(gy, axis, true)));
}

}  // namespace autograd::array
