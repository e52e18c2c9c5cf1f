#include "autograd/array/compare.h"

#include <type_traits>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

// Calls loop(a, b) with the steps of two arrays. Where these are walked or stand still, the
// compiler is told so, and makes vector instructions of the loop.
template <class Loop>
void with_steps(std::int64_t a, std::int64_t b, const Loop& loop) {
  constexpr std::integral_constant<std::int64_t, 0> still;
  constexpr std::integral_constant<std::int64_t, 1> walks;
  if (a == 1 && b == 1)
    loop(walks, walks);
  else if (a == 1 && b == 0)
    loop(walks, still);
  else if (a == 0 && b == 1)
    loop(still, walks);
  else
    loop(a, b);
}

template <class F>
Array compare(std::string_view op, const Array& a, const Array& b, const F& holds) {
  Check(op, {{"a", a}, {"b", b}}).same_dtype();
  const Shape shape = broadcast_shapes(a.shape(), b.shape());
  const Array x = a.broadcast_to(shape), y = b.broadcast_to(shape);
  Array out = Array::empty(shape, Dtype::bool_);
  bool* r = out.mutable_data<bool>();
  visit(a.dtype(), [&]<class T>(std::type_identity<T>) {
    const Runs<3> runs = make_runs<3>({&out, &x, &y});
    const T *p = x.data<T>(), *q = y.data<T>();
    for_runs(runs, [&](const auto& at, std::int64_t n) {
      bool* const to = r + at[0];
      const T *x0 = p + at[1], *y0 = q + at[2];
      with_steps(runs.step[1], runs.step[2], [&](auto x_step, auto y_step) {
        for (std::int64_t i = 0; i < n; ++i) to[i] = holds(x0[i * x_step], y0[i * y_step]);
      });
    });
  });
  return out;
}

}  // namespace

Array greater(const Array& a, const Array& b) {
  return compare("greater", a, b, [](auto x, auto y) { return x > y; });
}
Array greater_equal(const Array& a, const Array& b) {
  return compare("greater_equal", a, b, [](auto x, auto y) { return x >= y; });
}
Array equal(const Array& a, const Array& b) {
  return compare("equal", a, b, [](auto x, auto y) { return x == y; });
}
Array not_equal(const Array& a, const Array& b) {
  return compare("not_equal", a, b, [](auto x, auto y) { return x != y; });
}
Array logical_and(const Array& a, const Array& b) {
  return compare("logical_and", a, b, [](auto x, auto y) { return x && y; });
}
Array logical_or(const Array& a, const Array& b) {
  return compare("logical_or", a, b, [](auto x, auto y) { return x || y; });
}
Array logical_not(const Array& a) {
  return compare("logical_not", a, a, [](auto x, auto) { return !x; });
}

Array where(const Array& condition, const Array& a, const Array& b) {
  if (condition.dtype() != Dtype::bool_)
    Check("where", {{"condition", condition}}).fail("the condition must be bool");
  Check("where", {{"a", a}, {"b", b}}).same_dtype();
  const Shape shape = broadcast_shapes(condition.shape(), broadcast_shapes(a.shape(), b.shape()));
  const Array c = condition.broadcast_to(shape), x = a.broadcast_to(shape),
              y = b.broadcast_to(shape);
  Array out = Array::empty(shape, a.dtype());
  visit(a.dtype(), [&]<class T>(std::type_identity<T>) {
    const Runs<4> runs = make_runs<4>({&out, &c, &x, &y});
    T* r = out.mutable_data<T>();
    const bool* m = c.data<bool>();
    const T *p = x.data<T>(), *q = y.data<T>();
    for_runs(runs, [&](const auto& at, std::int64_t n) {
      T* const to = r + at[0];
      const bool* const chosen = m + at[1];
      const T *x0 = p + at[2], *y0 = q + at[3];
      const std::int64_t step = runs.step[1];
      with_steps(runs.step[2], runs.step[3], [&](auto x_step, auto y_step) {
        const auto choose = [&](std::int64_t i, bool first) {
          const T v = x0[i * x_step], w = y0[i * y_step];
          to[i] = first ? v : w;
        };
        if (step == 1)
          for (std::int64_t i = 0; i < n; ++i) choose(i, chosen[i]);
        else
          for (std::int64_t i = 0; i < n; ++i) choose(i, chosen[i * step]);
      });
    });
  });
  return out;
}

}  // namespace autograd::array
