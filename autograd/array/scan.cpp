#include "autograd/array/scan.h"

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

// Calls line(first element, stride, y's first element) for each line along the axis; x is
// contiguous, y like it.
template <class Line>
void for_lines(const Shape& shape, int axis, const Line& line) {
  const std::int64_t n = shape[axis], inner = shape.slice(axis + 1, shape.ndim()).elements();
  const std::int64_t lines = shape.slice(0, axis).elements() * inner;
  if (n == 0) return;
  parallel::for_chunks(lines, kGrain / n + 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) line(i / inner * n * inner + i % inner, inner);
  });
}

// y_i = state after step(state, i), along each line; `backwards` walks from the end.
template <class Step>
Array scanned(const Shape& shape, Dtype dtype, int axis, bool backwards, double initial,
              const Step& step) {
  Array y = Array::empty(shape, dtype);
  const std::int64_t n = shape[axis];
  visit_float(dtype, [&]<class T>(std::type_identity<T> type) {
    T* q = y.mutable_data<T>();
    for_lines(shape, axis, [&](std::int64_t first, std::int64_t stride) {
      double state = initial;
      for (std::int64_t k = 0; k < n; ++k) {
        const std::int64_t i = backwards ? n - 1 - k : k;
        state = step(type, state, first + i * stride, k, stride);
        q[first + i * stride] = static_cast<T>(state);
      }
    });
  });
  return y;
}

}  // namespace

Array cumsum(const Array& x0, int axis, bool backwards) {
  const Array x = x0.contiguous();
  return scanned(x.shape(), x.dtype(), axis, backwards, 0,
                 [&]<class T>(std::type_identity<T>, double sum, std::int64_t at, auto, auto) {
                   return sum + static_cast<double>(x.data<T>()[at]);
                 });
}

Array cumprod(const Array& x0, int axis) {
  const Array x = x0.contiguous();
  return scanned(x.shape(), x.dtype(), axis, false, 1,
                 [&]<class T>(std::type_identity<T>, double product, std::int64_t at, auto, auto) {
                   return product * static_cast<double>(x.data<T>()[at]);
                 });
}

Array recurrence(const Array& a0, const Array& b0, int axis, bool adjoint) {
  const Array a = a0.contiguous(), b = b0.contiguous();
  return scanned(b.shape(), b.dtype(), axis, adjoint, 0,
                 [&]<class T>(std::type_identity<T>, double z, std::int64_t at, std::int64_t k,
                              std::int64_t stride) {
                   const double added = static_cast<double>(b.data<T>()[at]);
                   if (k == 0) return added;
                   return static_cast<double>(a.data<T>()[adjoint ? at + stride : at]) * z + added;
                 });
}

}  // namespace autograd::array
