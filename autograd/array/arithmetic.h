#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "autograd/array/array.h"

// NumPy's arithmetic on arrays. Functions of variables are in autograd/functions; what is computed
// here has no graph.
//
// Dtypes that differ are brought to one. A bool counts as an integer; of two integers the longer
// wins; an integer takes the floating type that it meets. (NumPy makes float64 of int32 or int64
// and float32, which would not mix with the rest of a float32 model.) float32 and float64 do not
// mix: an Error. Integers wrap around.
namespace autograd {

// The dtype that arrays of types `a` and `b` are brought to; throws `op: ...` for float32 and
// float64.
Dtype common_dtype(std::string_view op, Dtype a, Dtype b);

Array operator+(const Array& a, const Array& b);  // bool + bool is `or`
Array operator-(const Array& a, const Array& b);  // not for two bools, as in NumPy
Array operator*(const Array& a, const Array& b);  // bool * bool is `and`
Array operator/(const Array& a, const Array& b);  // float64 for integers
Array operator-(const Array& x);

// A plain number that meets an array of type `dtype`, as an array without axes: of that type, but an
// integer that meets bools is int64, and a floating number that meets integers is float64.
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

// In place, as NumPy's: the array's memory is written, and every view of it shows the new numbers; so
// a[1] += b writes into a. Throws if the result has another shape, or is floating and the array
// holds integers. For += and -= None is the 0 that sums begin with: Array total; total += b.
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
