#include "autograd/array/reduce.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "autograd/array/arithmetic.h"
#include "autograd/array/compare.h"
#include "autograd/array/launch.h"
#include "autograd/array/map.h"
#include "autograd/base/check.h"
#include "autograd/kernels/reduce.h"

namespace autograd::array {
namespace {

// An array with its axes in the order (outer, reduced, inner), so that every reduction is one of
// two loops.
struct Reduction {
  Array x;  // contiguous
  std::int64_t outer = 1, reduced = 1, inner = 1;
};

Reduction prepare(const Array& x, const Axes::Flags& flags) {
  int first = x.ndim(), last = -1;
  for (int i = 0; i < x.ndim(); ++i)
    if (flags[i]) first = std::min(first, i), last = i;
  bool together = true;
  for (int i = first; i <= last; ++i) together = together && (flags[i] || x.length(i) == 1);
  Reduction r;
  if (together) {
    r.x = x.contiguous();
    for (int i = 0; i < x.ndim(); ++i)
      (i < first ? r.outer : i <= last ? r.reduced : r.inner) *= x.length(i);
    return r;
  }
  std::vector<int> order;
  for (bool reduced : {false, true})
    for (int i = 0; i < x.ndim(); ++i)
      if (flags[i] == reduced) {
        order.push_back(i);
        (reduced ? r.reduced : r.outer) *= x.length(i);
      }
  r.x = x.transpose(Axes(order)).contiguous();
  return r;
}

constexpr std::int64_t kTerms = 4096;   // elements that one kernel call adds up
constexpr std::int64_t kTermRows = 64;  // rows that one kernel call adds up

template <class T>
void sum_inner(const Reduction& r, T* y) {
  const T* x = r.x.data<T>();
  const auto kernel = kernels::reduce<T>().sum;
  const std::int64_t blocks = (r.reduced + kTerms - 1) / kTerms;
  if (blocks <= 1)
    return for_lines(r.outer, r.reduced, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o)
        y[o] = static_cast<T>(kernel(x + o * r.reduced, r.reduced));
    });
  std::vector<double> parts(static_cast<std::size_t>(r.outer * blocks));
  for_lines(r.outer * blocks, kTerms, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t start = i % blocks * kTerms;
      parts[static_cast<std::size_t>(i)] =
          kernel(x + i / blocks * r.reduced + start, std::min(kTerms, r.reduced - start));
    }
  });
  for (std::int64_t o = 0; o < r.outer; ++o)
    y[o] = static_cast<T>(pairwise_sum(std::span(parts).subspan(
        static_cast<std::size_t>(o * blocks), static_cast<std::size_t>(blocks))));
}

template <class T>
void sum_outer(const Reduction& r, T* y) {
  const T* x = r.x.data<T>();
  const auto kernel = kernels::reduce<T>().sum_rows;
  const std::int64_t blocks = (r.reduced + kTermRows - 1) / kTermRows;
  const std::int64_t plane = r.reduced * r.inner;
  if (blocks == 1)
    return for_lines(r.outer, plane, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o)
        kernel(x + o * plane, r.reduced, r.inner, r.inner, y + o * r.inner);
    });
  Array parts = Array::empty({r.outer, blocks, r.inner}, r.x.dtype());
  T* p = parts.mutable_data<T>();
  for_lines(r.outer * blocks, kTermRows * r.inner, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t start = i % blocks * kTermRows;
      kernel(x + i / blocks * plane + start * r.inner, std::min(kTermRows, r.reduced - start),
             r.inner, r.inner, p + i * r.inner);
    }
  });
  sum_outer<T>({parts, r.outer, blocks, r.inner}, y);
}

// Wraps around if a sum overflows.
Array sum_integers(const Reduction& r, const Shape& shape) {
  Array y = Array::zeros(shape, Dtype::int64);
  if (r.x.size() == 0) return y;
  const std::int64_t* p = r.x.data<std::int64_t>();
  std::int64_t* q = y.mutable_data<std::int64_t>();
  for (std::int64_t o = 0; o < r.outer; ++o)
    for (std::int64_t i = 0; i < r.reduced; ++i)
      for (std::int64_t j = 0; j < r.inner; ++j, ++p) {
        std::int64_t& to = q[o * r.inner + j];
        to = static_cast<std::int64_t>(static_cast<std::uint64_t>(to) +
                                       static_cast<std::uint64_t>(*p));
      }
  return y;
}

// Integers and bools as float64.
Array as_floats(const Array& x) { return is_float(x.dtype()) ? x : x.astype(Dtype::float64); }

void require_not_empty(std::string_view op, const Array& x, std::int64_t reduced) {
  if (reduced == 0) Check(op, {{"x", x}}).fail("an axis of length 0 has no maximum or minimum");
}

// Whether `b` replaces `a`. NaN replaces every number.
struct Greater {
  template <class T>
  bool operator()(T a, T b) const {
    return b > a || (b != b && a == a);
  }
  template <class T>
  static auto row() {
    return kernels::reduce<T>().max;
  }
};
struct Less {
  template <class T>
  bool operator()(T a, T b) const {
    return b < a || (b != b && a == a);
  }
  template <class T>
  static auto row() {
    return kernels::reduce<T>().min;
  }
};

template <class Better>
Array extreme(std::string_view op, const Array& x, const Axes& axes, bool keepdims,
              const Better& better) {
  const Axes::Flags flags = axes.flags(op, x.ndim());
  const Reduction r = prepare(x, flags);
  require_not_empty(op, x, r.reduced);
  Array y = Array::empty(reduced_shape(x.shape(), flags, keepdims), x.dtype());
  if (y.size() == 0) return y;
  visit(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = r.x.data<T>();
    T* q = y.mutable_data<T>();
    const std::int64_t plane = r.reduced * r.inner;
    if constexpr (std::is_floating_point_v<T>)
      if (r.inner == 1) {
        const auto row = Better::template row<T>();
        return for_lines(r.outer, plane, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t o = begin; o < end; ++o) q[o] = row(p + o * plane, plane);
        });
      }
    for_lines(r.outer, plane, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t o = begin; o < end; ++o) {
        T* best = q + o * r.inner;
        for (std::int64_t j = 0; j < r.inner; ++j) best[j] = p[o * plane + j];
        for (std::int64_t i = 1; i < r.reduced; ++i)
          for (std::int64_t j = 0; j < r.inner; ++j) {
            const T v = p[o * plane + i * r.inner + j];
            if (better(best[j], v)) best[j] = v;
          }
      }
    });
  });
  return y;
}

template <class Better>
Array arg_extreme(std::string_view op, const Array& x, std::optional<int> axis,
                  const Better& better) {
  const Axes axes = axis ? Axes(*axis) : Axes(std::nullopt);
  const Axes::Flags flags = axes.flags(op, x.ndim());
  const Reduction r = prepare(x, flags);
  require_not_empty(op, x, r.reduced);
  Array y = Array::empty(reduced_shape(x.shape(), flags, false), Dtype::int32);
  visit(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = r.x.data<T>();
    std::int32_t* q = y.mutable_data<std::int32_t>();
    for (std::int64_t o = 0; o < r.outer; ++o)
      for (std::int64_t j = 0; j < r.inner; ++j) {
        const T* column = p + o * r.reduced * r.inner + j;
        std::int64_t best = 0;
        for (std::int64_t i = 1; i < r.reduced; ++i)
          if (better(column[best * r.inner], column[i * r.inner])) best = i;
        q[o * r.inner + j] = static_cast<std::int32_t>(best);
      }
  });
  return y;
}

}  // namespace

double pairwise_sum(std::span<double> parts) {
  std::size_t n = parts.size();
  if (n == 0) return 0;
  while (n > 1) {
    const std::size_t half = (n + 1) / 2;
    for (std::size_t i = 0; i < n / 2; ++i) parts[i] = parts[2 * i] + parts[2 * i + 1];
    if (n % 2) parts[half - 1] = parts[n - 1];
    n = half;
  }
  return parts[0];
}

namespace {

// The sum, if no partial sum overflows.
Array plain_sum(const Array& x, const Axes& axes, bool keepdims) {
  const Axes::Flags flags = axes.flags("sum", x.ndim());
  const Shape shape = reduced_shape(x.shape(), flags, keepdims);
  if (!is_float(x.dtype())) return sum_integers(prepare(x.astype(Dtype::int64), flags), shape);
  // If other axes lie between the reduced axes, the last reduced axes are summed first, in place.
  // The remaining array is small. Summing all of them together would require a copy of the array.
  std::vector<int> last, others;
  bool apart = false;
  for (int i = x.ndim() - 1; i >= 0; --i) {
    if (flags[i])
      (apart ? others : last).push_back(i);
    else
      apart = apart || (!last.empty() && x.length(i) != 1);
  }
  if (!others.empty())
    return plain_sum(plain_sum(x, Axes(last), true), Axes(others), true).reshape(shape);
  const Reduction r = prepare(x, flags);
  if (x.size() == 0) return Array::zeros(shape, x.dtype());  // for any lengths of its axes
  if (r.reduced == 1)
    return (r.x.storage() == x.storage() ? x.copy() : r.x).reshape(shape);  // must own its memory
  Array y = Array::empty(shape, x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    T* p = y.mutable_data<T>();
    r.inner == 1 ? sum_inner<T>(r, p) : sum_outer<T>(r, p);
  });
  return y;
}

}  // namespace

Array sum(const Array& x, const Axes& axes, bool keepdims) {
  const Array y = plain_sum(x, axes, keepdims);
  if (!is_float(x.dtype()) || y.size() == x.size() || all_finite(y)) return y;
  // A partial sum may have overflowed although the sum is finite.
  const Array small = map(ops::MulConstant{0x1p-64}, x);
  return or_else(y, map(ops::MulConstant{0x1p64}, plain_sum(small, axes, keepdims)));
}

Array mean(const Array& x, const Axes& axes, bool keepdims) {
  const Axes::Flags flags = axes.flags("mean", x.ndim());
  double count = 1;
  for (int i = 0; i < x.ndim(); ++i)
    if (flags[i]) count *= static_cast<double>(x.length(i));
  return sum(as_floats(x), axes, keepdims) / count;
}
Array var(const Array& x, const Axes& axes, bool keepdims) {
  const Array deviations = as_floats(x) - mean(x, axes, true);
  return mean(deviations * deviations, axes, keepdims);
}
Array std(const Array& x, const Axes& axes, bool keepdims) {
  return map(ops::Sqrt{}, var(x, axes, keepdims));
}

Array max(const Array& x, const Axes& axes, bool keepdims) {
  return extreme("max", x, axes, keepdims, Greater{});
}
Array min(const Array& x, const Axes& axes, bool keepdims) {
  return extreme("min", x, axes, keepdims, Less{});
}
Array argmax(const Array& x, std::optional<int> axis) {
  return arg_extreme("argmax", x, axis, Greater{});
}
Array argmin(const Array& x, std::optional<int> axis) {
  return arg_extreme("argmin", x, axis, Less{});
}

bool any_nan(const Array& x) {
  if (!is_float(x.dtype()) || x.size() == 0) return false;
  const double greatest = max(x).item();  // NaN if an element is NaN
  return greatest != greatest;
}

Array or_else(const Array& x, const Array& other) {
  return where(equal(map(ops::Sub{}, x, x), Array::zeros({}, x.dtype())), x, other);
}

bool all_finite(const Array& x) {
  const auto look = [&]<class T>(std::type_identity<T>) {
    constexpr std::int64_t kAtOnce = 8;  // independent differences, computed in parallel
    T differences[kAtOnce] = {};         // NaN if an element is not finite
    const T* p = x.data<T>();
    const std::int64_t n = x.size(), whole = n - n % kAtOnce;
    for (std::int64_t i = 0; i < whole; i += kAtOnce)
      for (std::int64_t j = 0; j < kAtOnce; ++j) differences[j] += p[i + j] - p[i + j];
    for (std::int64_t i = whole; i < n; ++i) differences[0] += p[i] - p[i];
    return std::all_of(std::begin(differences), std::end(differences),
                       [](T difference) { return difference == 0; });
  };
  return x.is_contiguous() ? visit_float(x.dtype(), look) : all_finite(x.copy());
}

Array binary_scale(const Array& x, const Axes& axes) {
  Array y = max(map(ops::Absolute{}, x), axes, true);
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    T* p = y.mutable_data<T>();
    for (std::int64_t i = 0; i < y.size(); ++i)
      p[i] = p[i] > 0 && std::isfinite(p[i]) ? std::ldexp(T(1), std::ilogb(p[i])) : T(1);
  });
  return y;
}

Array sum_to(const Array& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  const int leading = x.ndim() - shape.ndim();
  std::vector<int> axes;
  bool fits = leading >= 0;
  for (int i = 0; fits && i < x.ndim(); ++i) {
    if (i < leading || (shape[i - leading] == 1 && x.length(i) != 1))
      axes.push_back(i);
    else
      fits = shape[i - leading] == x.length(i);
  }
  if (!fits)
    Check("sum_to", {{"x", x}})
        .fail(fmt::format("the shape {} must broadcast to that of x", to_string(shape)));
  return (axes.empty() ? x : sum(x, Axes(axes), true)).reshape(shape);
}

}  // namespace autograd::array
