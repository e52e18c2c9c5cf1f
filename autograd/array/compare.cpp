#include "autograd/array/compare.h"

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {
namespace {

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
      for (std::int64_t i = 0; i < n; ++i)
        r[at[0] + i * runs.step[0]] =
            holds(p[at[1] + i * runs.step[1]], q[at[2] + i * runs.step[2]]);
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
      for (std::int64_t i = 0; i < n; ++i)
        r[at[0] + i * runs.step[0]] =
            m[at[1] + i * runs.step[1]] ? p[at[2] + i * runs.step[2]] : q[at[3] + i * runs.step[3]];
    });
  });
  return out;
}

}  // namespace autograd::array
