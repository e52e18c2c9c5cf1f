#include "autograd/array/scan.h"

#include <type_traits>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

// y_k = the state after step(state, offset of x_k, k, stride), along each line of the axis.
// `backwards` starts from the end. step_of(type) returns the step for a type. Several lines are
// processed together, so that the processor can compute their additions in parallel.
template <class StepOf>
Array scanned(const Shape& shape, Dtype dtype, int axis, bool backwards, double initial,
              const StepOf& step_of) {
  constexpr std::int64_t kTogether = 8;
  Array y = Array::empty(shape, dtype);
  const std::int64_t n = shape[axis], stride = shape.slice(axis + 1, shape.ndim()).elements();
  const std::int64_t lines = shape.slice(0, axis).elements() * stride;
  if (n == 0) return y;
  visit_float(dtype, [&]<class T>(std::type_identity<T> type) {
    T* q = y.mutable_data<T>();
    const auto step = step_of(type);
    const auto walk = [&](std::int64_t first, auto count) {
      constexpr std::int64_t size = decltype(count)::value;
      double state[size];
      std::int64_t at[size];
      for (std::int64_t i = 0; i < size; ++i) {
        const std::int64_t line = first + i;
        state[i] = initial;
        at[i] = line / stride * n * stride + line % stride + (backwards ? (n - 1) * stride : 0);
      }
      const std::int64_t next = backwards ? -stride : stride;
      for (std::int64_t k = 0; k < n; ++k)
        for (std::int64_t i = 0; i < size; ++i, at[i - 1] += next) {
          state[i] = step(state[i], at[i], k, stride);
          q[at[i]] = static_cast<T>(state[i]);
        }
    };
    const std::int64_t grain = (kGrain / n / kTogether + 1) * kTogether;
    parallel::for_chunks(lines, grain, [&](std::int64_t begin, std::int64_t end) {
      std::int64_t i = begin;
      for (; i + kTogether <= end; i += kTogether)
        walk(i, std::integral_constant<std::int64_t, kTogether>());
      for (; i < end; ++i) walk(i, std::integral_constant<std::int64_t, 1>());
    });
  });
  return y;
}

}  // namespace

Array cumsum(const Array& x0, int axis, bool backwards) {
  const Array x = x0.contiguous();
  axis = normalize_axis("cumsum", axis, x.ndim());
  return scanned(x.shape(), x.dtype(), axis, backwards, 0, [&]<class T>(std::type_identity<T>) {
    return [p = x.data<T>()](double sum, std::int64_t at, auto, auto) {
      return sum + static_cast<double>(p[at]);
    };
  });
}

Array cumprod(const Array& x0, int axis) {
  const Array x = x0.contiguous();
  axis = normalize_axis("cumprod", axis, x.ndim());
  return scanned(x.shape(), x.dtype(), axis, false, 1, [&]<class T>(std::type_identity<T>) {
    return [p = x.data<T>()](double product, std::int64_t at, auto, auto) {
      return product * static_cast<double>(p[at]);
    };
  });
}

Array recurrence(const Array& a0, const Array& b0, int axis, bool adjoint) {
  Check("recurrence", {{"a", a0}, {"b", b0}}).floats().same_shape();
  const Array a = a0.contiguous(), b = b0.contiguous();
  axis = normalize_axis("recurrence", axis, b.ndim());
  return scanned(b.shape(), b.dtype(), axis, adjoint, 0, [&]<class T>(std::type_identity<T>) {
    return [p = a.data<T>(), q = b.data<T>(), adjoint](double z, std::int64_t at, std::int64_t k,
                                                       std::int64_t stride) {
      const double added = static_cast<double>(q[at]);
      if (k == 0) return added;
      return static_cast<double>(p[adjoint ? at + stride : at]) * z + added;
    };
  });
}

}  // namespace autograd::array
