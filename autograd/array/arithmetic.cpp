#include "autograd/array/arithmetic.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "autograd/array/map.h"
#include "autograd/base/check.h"
#include "autograd/kernels/ops/arithmetic.h"

namespace autograd {
namespace {

// y[i] = f(a[i], b[i]) for two arrays of one integer dtype. Unsigned arithmetic wraps around.
template <class F>
Array map_integers(const F& f, const Array& a, const Array& b) {
  const Shape shape = broadcast_shapes(a.shape(), b.shape());
  const Array x = a.broadcast_to(shape).contiguous(), y = b.broadcast_to(shape).contiguous();
  Array out = Array::empty(shape, a.dtype());
  visit(a.dtype(), [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      using U = std::make_unsigned_t<T>;
      const T *p = x.data<T>(), *q = y.data<T>();
      T* r = out.mutable_data<T>();
      for (std::int64_t i = 0; i < out.size(); ++i)
        r[i] = static_cast<T>(static_cast<U>(f(static_cast<U>(p[i]), static_cast<U>(q[i]))));
    }
  });
  return out;
}

// Converts a and b to one dtype, and applies the op to floats or the function to integers.
template <class Op, class F>
Array arithmetic(const Op& op, const F& f, const Array& a, const Array& b) {
  const Dtype dtype = common_dtype(Op::name, a.dtype(), b.dtype());
  const Array x = a.astype(dtype), y = b.astype(dtype);
  if (is_float(dtype)) return map(op, x, y);
  if (dtype != Dtype::bool_) return map_integers(f, x, y);
  // The sum of two bools may be 2, which becomes true.
  return map_integers(f, x.astype(Dtype::uint8), y.astype(Dtype::uint8)).astype(Dtype::bool_);
}

void write(std::string_view op, Array& a, const Array& result) {
  if (result.shape() != a.shape() || (is_float(result.dtype()) && !is_float(a.dtype())) ||
      (a.dtype() == Dtype::bool_ && result.dtype() != Dtype::bool_))
    Check(op, {{"a", a}, {"the result", result}})
        .fail("an operation in place must not change the shape or make floats of integers");
  a.assign(result);
}

}  // namespace

Dtype common_dtype(std::string_view op, Dtype a, Dtype b) {
  if (a != b && is_float(a) && is_float(b))
    throw Error(fmt::format("{}: float32 and float64 must not be mixed, but a is {} and b is {}",
                            op, name(a), name(b)));
  return std::max(a, b);  // the dtypes are declared in this order
}

Array operator+(const Array& a, const Array& b) {
  return arithmetic(ops::Add{}, std::plus<>(), a, b);
}
Array operator-(const Array& a, const Array& b) {
  if (a.dtype() == Dtype::bool_ && b.dtype() == Dtype::bool_)
    Check("sub", {{"a", a}, {"b", b}}).fail("two bool arrays cannot be subtracted");
  return arithmetic(ops::Sub{}, std::minus<>(), a, b);
}
Array operator*(const Array& a, const Array& b) {
  return arithmetic(ops::Mul{}, std::multiplies<>(), a, b);
}
Array operator/(const Array& a, const Array& b) {
  Dtype dtype = common_dtype("div", a.dtype(), b.dtype());
  if (!is_float(dtype)) dtype = Dtype::float64;
  return map(ops::Div{}, a.astype(dtype), b.astype(dtype));
}
Array operator-(const Array& x) {
  if (is_float(x.dtype())) return map(ops::Neg{}, x);
  if (x.dtype() == Dtype::bool_) Check("neg", {{"x", x}}).fail("a bool array cannot be negated");
  return Array::zeros({}, x.dtype()) - x;
}

Array number_for(Dtype dtype, std::int64_t number) {
  return Array::scalar(number).astype(dtype == Dtype::bool_ ? Dtype::int64 : dtype);
}
Array number_for(Dtype dtype, double number) {
  return Array::full({}, number, is_float(dtype) ? dtype : Dtype::float64);
}

void add_to(Array& a, const Array& b) {
  if (a)
    write("add", a, a + b);
  else
    a = b.copy();
}
void subtract_from(Array& a, const Array& b) {
  if (a)
    write("sub", a, a - b);
  else
    a = -b;
}
void multiply_by(Array& a, const Array& b) { write("mul", a, a * b); }
void divide_by(Array& a, const Array& b) { write("div", a, a / b); }

}  // namespace autograd
