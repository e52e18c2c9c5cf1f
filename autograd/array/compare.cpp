#include "autograd/array/compare.h"

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

// How the elements of a run are reached where it is not a plain pointer.
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

// Calls loop(x, y) with two runs, not empty. Where these are walked one by one, or stand still, the
// compiler sees it, and makes vector instructions of the loop.
template <class T, class Loop>
void with_runs(const T* x, std::int64_t x_step, const T* y, std::int64_t y_step, const Loop& loop) {
  if (x_step == 1 && y_step == 1)
    loop(x, y);
  else if (x_step == 1 && y_step == 0)
    loop(x, Still<T>{*y});
  else if (x_step == 0 && y_step == 1)
    loop(Still<T>{*x}, y);
  else if (x_step == 0 && y_step == 0)
    loop(Still<T>{*x}, Still<T>{*y});
  else
    loop(Strided<T>{x, x_step}, Strided<T>{y, y_step});
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
      with_runs(p + at[1], runs.step[1], q + at[2], runs.step[2], [=](auto v, auto w) {
        for (std::int64_t i = 0; i < n; ++i) to[i] = holds(v[i], w[i]);
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
    // A byte each: of a loop over bool g++ makes no vector instructions.
    const auto* m = static_cast<const std::uint8_t*>(c.raw());
    const T *p = x.data<T>(), *q = y.data<T>();
    for_runs(runs, [&](const auto& at, std::int64_t n) {
      T* const to = r + at[0];
      const std::uint8_t* const taken = m + at[1];
      const std::int64_t step = runs.step[1];
      with_runs(p + at[2], runs.step[2], q + at[3], runs.step[3], [=](auto v, auto w) {
        const auto choose = [=](std::int64_t i, bool first) {
          const T a_i = v[i], b_i = w[i];
          to[i] = first ? a_i : b_i;
        };
        if (step == 1)
          for (std::int64_t i = 0; i < n; ++i) choose(i, taken[i] != 0);
        else
          for (std::int64_t i = 0; i < n; ++i) choose(i, taken[i * step] != 0);
      });
    });
  });
  return out;
}

}  // namespace autograd::array
