#include "autograd/array/compare.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

// A run of an array without its type, so that the traversal of arrays is compiled once, not for
// every type and comparison.
struct Run {
  const void* p;
  std::int64_t step;
};

Run run(const Array& a, std::int64_t offset, std::int64_t step) {
  const auto* p = static_cast<const std::byte*>(a.raw());
  return {p + offset * static_cast<std::int64_t>(item_size(a.dtype())), step};
}

// The elements of a run with a stride other than 1, such as 0.
template <class T>
struct Still {
  T value;
  T operator[](std::int64_t) const { return value; }
};
template <class T>
struct Strided {
  const T* p;
  std::int64_t step;
  T operator[](std::int64_t i) const { return p[i * step]; }
};

// Calls loop(x, y) with two runs that are not empty. Strides of 1 and 0 are known at compile time,
// so that the compiler can vectorize the loop.
template <class T, class Loop>
void with_runs(const Run& a, const Run& b, const Loop& loop) {
  const auto *x = static_cast<const T*>(a.p), *y = static_cast<const T*>(b.p);
  if (a.step == 1 && b.step == 1)
    loop(x, y);
  else if (a.step == 1 && b.step == 0)
    loop(x, Still<T>{*y});
  else if (a.step == 0 && b.step == 1)
    loop(Still<T>{*x}, y);
  else if (a.step == 0 && b.step == 0)
    loop(Still<T>{*x}, Still<T>{*y});
  else
    loop(Strided<T>{x, a.step}, Strided<T>{y, b.step});
}

template <class T, class Holds>
void compare_runs(const Run& a, const Run& b, bool* to, std::int64_t n) {
  with_runs<T>(a, b, [=](auto x, auto y) {
    for (std::int64_t i = 0; i < n; ++i) to[i] = Holds()(x[i], y[i]);
  });
}

// T is an unsigned integer of the size of the elements.
template <class T>
void choose_runs(const Run& condition, const Run& a, const Run& b, void* to, std::int64_t n) {
  // Uses bytes, because g++ does not vectorize a loop over bool.
  const auto* taken = static_cast<const std::uint8_t*>(condition.p);
  with_runs<T>(a, b, [=, step = condition.step, r = static_cast<T*>(to)](auto x, auto y) {
    const auto choose = [=](std::int64_t i, bool first) {
      const T x_i = x[i], y_i = y[i];
      r[i] = first ? x_i : y_i;
    };
    if (step == 1)
      for (std::int64_t i = 0; i < n; ++i) choose(i, taken[i] != 0);
    else
      for (std::int64_t i = 0; i < n; ++i) choose(i, taken[i * step] != 0);
  });
}

Array compare_by(void (*loop)(const Run&, const Run&, bool*, std::int64_t), const Array& a,
                 const Array& b) {
  const Shape shape = broadcast_shapes(a.shape(), b.shape());
  const Array x = a.broadcast_to(shape), y = b.broadcast_to(shape);
  Array out = Array::empty(shape, Dtype::bool_);
  const Runs<3> runs = make_runs<3>({&out, &x, &y});
  bool* r = out.mutable_data<bool>();
  for_runs(runs, [&](const auto& at, std::int64_t n) {
    loop(run(x, at[1], runs.step[1]), run(y, at[2], runs.step[2]), r + at[0], n);
  });
  return out;
}

template <class Holds>
Array compare(std::string_view op, const Array& a, const Array& b) {
  const Dtype dtype = common_dtype(op, a.dtype(), b.dtype());
  return visit(dtype, [&]<class T>(std::type_identity<T>) {
    using Element = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
    return compare_by(&compare_runs<Element, Holds>, a.astype(dtype), b.astype(dtype));
  });
}

// Whether each element of x satisfies `holds`.
template <class Holds>
Array classify(const Array& x, const Holds& holds) {
  const Array from = x.contiguous();
  Array to = Array::empty(x.shape(), Dtype::bool_);
  visit(x.dtype(), [&]<class T>(std::type_identity<T>) {
    std::transform(from.data<T>(), from.data<T>() + from.size(), to.mutable_data<bool>(),
                   [&](T value) { return holds(static_cast<double>(value)); });
  });
  return to;
}

// Applies the op to the truth values of two arrays: whether their elements differ from 0.
template <class Holds>
Array compare_truths(std::string_view op, const Array& a, const Array& b) {
  common_dtype(op, a.dtype(), b.dtype());
  return compare_by(&compare_runs<std::uint8_t, Holds>, a.astype(Dtype::bool_),
                    b.astype(Dtype::bool_));
}

}  // namespace

Array greater(const Array& a, const Array& b) { return compare<std::greater<>>("greater", a, b); }
Array greater_equal(const Array& a, const Array& b) {
  return compare<std::greater_equal<>>("greater_equal", a, b);
}
Array equal(const Array& a, const Array& b) { return compare<std::equal_to<>>("equal", a, b); }
Array not_equal(const Array& a, const Array& b) {
  return compare<std::not_equal_to<>>("not_equal", a, b);
}
Array logical_and(const Array& a, const Array& b) {
  return compare_truths<std::logical_and<>>("logical_and", a, b);
}
Array logical_or(const Array& a, const Array& b) {
  return compare_truths<std::logical_or<>>("logical_or", a, b);
}
Array logical_not(const Array& a) { return equal(a.astype(Dtype::bool_), Array::scalar(false)); }

Array isnan(const Array& x) {
  return classify(x, [](double value) { return std::isnan(value); });
}
Array isinf(const Array& x) {
  return classify(x, [](double value) { return std::isinf(value); });
}
Array isfinite(const Array& x) {
  return classify(x, [](double value) { return std::isfinite(value); });
}

bool any(const Array& x) {
  const std::vector<bool> truths = x.to_vector<bool>();
  return std::find(truths.begin(), truths.end(), true) != truths.end();
}
bool all(const Array& x) { return !any(logical_not(x)); }

Array where(const Array& condition, const Array& a, const Array& b) {
  if (condition.dtype() != Dtype::bool_)
    Check("where", {{"condition", condition}}).fail("the condition must be bool");
  Check("where", {{"a", a}, {"b", b}}).same_dtype();
  const Shape shape = broadcast_shapes(condition.shape(), broadcast_shapes(a.shape(), b.shape()));
  const Array c = condition.broadcast_to(shape), x = a.broadcast_to(shape),
              y = b.broadcast_to(shape);
  Array out = Array::empty(shape, a.dtype());
  const Runs<4> runs = make_runs<4>({&out, &c, &x, &y});
  const std::size_t size = item_size(a.dtype());
  const auto loop = size == 1   ? &choose_runs<std::uint8_t>
                    : size == 4 ? &choose_runs<std::uint32_t>
                                : &choose_runs<std::uint64_t>;
  auto* r = static_cast<std::byte*>(out.mutable_raw());
  for_runs(runs, [&](const auto& at, std::int64_t n) {
    loop(run(c, at[1], runs.step[1]), run(x, at[2], runs.step[2]), run(y, at[3], runs.step[3]),
         r + at[0] * static_cast<std::int64_t>(size), n);
  });
  return out;
}

}  // namespace autograd::array

namespace autograd {
namespace {

Condition condition(Array truth, const Array& a, const Array& b) {
  return {std::move(truth), std::max(a.dtype(), b.dtype())};
}

}  // namespace

Condition operator>(const Array& a, const Array& b) {
  return condition(array::greater(a, b), a, b);
}
Condition operator>=(const Array& a, const Array& b) {
  return condition(array::greater_equal(a, b), a, b);
}
Condition operator<(const Array& a, const Array& b) { return b > a; }
Condition operator<=(const Array& a, const Array& b) { return b >= a; }
Condition operator==(const Array& a, const Array& b) { return condition(array::equal(a, b), a, b); }
Condition operator!=(const Array& a, const Array& b) {
  return condition(array::not_equal(a, b), a, b);
}
Condition operator&&(const Condition& a, const Condition& b) {
  return {array::logical_and(a.truth, b.truth), a.dtype};
}
Condition operator||(const Condition& a, const Condition& b) {
  return {array::logical_or(a.truth, b.truth), a.dtype};
}
Condition operator!(const Condition& a) { return {array::logical_not(a.truth), a.dtype}; }

}  // namespace autograd
