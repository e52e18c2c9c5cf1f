#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "autograd/array/array.h"

// NumPy's arithmetic on arrays, without gradients. The differentiable functions of variables are in
// autograd/functions.
//
// Operands of different dtypes are converted to a common one. A bool is converted to the type of an
// integer, the shorter integer type to the longer, and an integer to the floating type. (NumPy
// makes float64 of int32 or int64 and float32, which would not mix with the rest of a float32
// model.) Mixing float32 and float64 is an Error. Integers wrap around on overflow.
namespace autograd {

// The common dtype of `a` and `b`. Throws `op: ...` for float32 and float64.
Dtype common_dtype(std::string_view op, Dtype a, Dtype b);

Array operator+(const Array& a, const Array& b);  // bool + bool is `or`
Array operator-(const Array& a, const Array& b);  // not for two bools, as in NumPy
Array operator*(const Array& a, const Array& b);  // bool * bool is `and`
Array operator/(const Array& a, const Array& b);  // float64 for integers
Array operator-(const Array& x);

// A plain number as a 0-d operand for an array of type `dtype`. It takes this dtype, with two
// exceptions: an integer number for a bool array is int64, and a floating number for an integer or
// bool array is float64.
Array number_for(Dtype dtype, std::int64_t number);
Array number_for(Dtype dtype, double number);

template <class N>
concept Number = std::is_arithmetic_v<N>;
template <Number N>
Array number_for(const Array& a, N n) {
  using Widest = std::conditional_t<std::is_integral_v<N>, std::int64_t, double>;
  return number_for(a.dtype(), static_cast<Widest>(n));
}

template <Number N>
Array operator+(const Array& a, N b) {
  return a + number_for(a, b);
}
template <Number N>
Array operator+(N a, const Array& b) {
  return number_for(b, a) + b;
}
template <Number N>
Array operator-(const Array& a, N b) {
  return a - number_for(a, b);
}
template <Number N>
Array operator-(N a, const Array& b) {
  return number_for(b, a) - b;
}
template <Number N>
Array operator*(const Array& a, N b) {
  return a * number_for(a, b);
}
template <Number N>
Array operator*(N a, const Array& b) {
  return number_for(b, a) * b;
}
template <Number N>
Array operator/(const Array& a, N b) {
  return a / number_for(a, b);
}
template <Number N>
Array operator/(N a, const Array& b) {
  return number_for(b, a) / b;
}

// In place, as in NumPy: the array's memory is overwritten, and every view of it shows the new
// numbers; so a[1] += b changes a. Throws if the result has another shape than `a`, or if it is
// floating and `a` holds integers. For += and -= an empty handle `a` counts as 0: Array total;
// total += b.
void add_to(Array& a, const Array& b);
void subtract_from(Array& a, const Array& b);
void multiply_by(Array& a, const Array& b);
void divide_by(Array& a, const Array& b);

template <class A>
concept WrittenArray = std::derived_from<std::remove_reference_t<A>, Array> &&
    !std::is_const_v<std::remove_reference_t<A>>;
template <WrittenArray A>
A&& operator+=(A&& a, const Array& b) {
  add_to(a, b);
  return std::forward<A>(a);
}
template <WrittenArray A>
A&& operator-=(A&& a, const Array& b) {
  subtract_from(a, b);
  return std::forward<A>(a);
}
template <WrittenArray A>
A&& operator*=(A&& a, const Array& b) {
  multiply_by(a, b);
  return std::forward<A>(a);
}
template <WrittenArray A>
A&& operator/=(A&& a, const Array& b) {
  divide_by(a, b);
  return std::forward<A>(a);
}
template <WrittenArray A, Number N>
A&& operator+=(A&& a, N b) {
  return std::forward<A>(a) += number_for(a, b);
}
template <WrittenArray A, Number N>
A&& operator-=(A&& a, N b) {
  return std::forward<A>(a) -= number_for(a, b);
}
template <WrittenArray A, Number N>
A&& operator*=(A&& a, N b) {
  return std::forward<A>(a) *= number_for(a, b);
}
template <WrittenArray A, Number N>
A&& operator/=(A&& a, N b) {
  return std::forward<A>(a) /= number_for(a, b);
}

}  // namespace autograd
