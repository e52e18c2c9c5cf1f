#pragma once

#include "autograd/array/arithmetic.h"

// Comparisons, element by element with broadcasting. The result is a bool array. Comparisons with
// NaN are false, except not_equal. Operands of different dtypes are converted to a common one, as
// in arithmetic.
namespace autograd {

// The result of a comparison: a > 0, x <= y. It converts to a bool array wherever an array is
// expected. It does not convert to bool, so `if (a == b)` does not compile; use array_equal(a, b)
// to ask whether all elements are equal.
struct Condition {
  Array truth;  // bool
  Dtype dtype;  // of what was compared

  operator Array() const { return truth; }  // NOLINT(google-explicit-constructor)
};

Condition operator>(const Array& a, const Array& b);
Condition operator>=(const Array& a, const Array& b);
Condition operator<(const Array& a, const Array& b);
Condition operator<=(const Array& a, const Array& b);
Condition operator==(const Array& a, const Array& b);
Condition operator!=(const Array& a, const Array& b);
template <Number N>
Condition operator>(const Array& a, N b) {
  return a > number_for(a, b);
}
template <Number N>
Condition operator>=(const Array& a, N b) {
  return a >= number_for(a, b);
}
template <Number N>
Condition operator<(const Array& a, N b) {
  return a < number_for(a, b);
}
template <Number N>
Condition operator<=(const Array& a, N b) {
  return a <= number_for(a, b);
}
template <Number N>
Condition operator==(const Array& a, N b) {
  return a == number_for(a, b);
}
template <Number N>
Condition operator!=(const Array& a, N b) {
  return a != number_for(a, b);
}

template <Number N>
Condition operator>(N a, const Array& b) {
  return b < a;
}
template <Number N>
Condition operator>=(N a, const Array& b) {
  return b <= a;
}
template <Number N>
Condition operator<(N a, const Array& b) {
  return b > a;
}
template <Number N>
Condition operator<=(N a, const Array& b) {
  return b >= a;
}

Condition operator&&(const Condition& a, const Condition& b);
Condition operator||(const Condition& a, const Condition& b);
Condition operator!(const Condition& a);

// In arithmetic a condition stands for its bool array: (a > 0) * x.
template <class T>
auto operator*(const Condition& a, const T& b) -> decltype(a.truth * b) {
  return a.truth * b;
}
template <class T>
auto operator*(const T& a, const Condition& b) -> decltype(a * b.truth) {
  return a * b.truth;
}
inline Array operator*(const Condition& a, const Condition& b) { return a.truth * b.truth; }
template <class T>
auto operator+(const Condition& a, const T& b) -> decltype(a.truth + b) {
  return a.truth + b;
}
template <class T>
auto operator+(const T& a, const Condition& b) -> decltype(a + b.truth) {
  return a + b.truth;
}
inline Array operator+(const Condition& a, const Condition& b) { return a.truth + b.truth; }
template <class T>
auto operator-(const T& a, const Condition& b) -> decltype(a - b.truth) {
  return a - b.truth;
}

}  // namespace autograd

namespace autograd::array {

Array greater(const Array& a, const Array& b);
Array greater_equal(const Array& a, const Array& b);
Array equal(const Array& a, const Array& b);
Array not_equal(const Array& a, const Array& b);
Array logical_and(const Array& a, const Array& b);
Array logical_or(const Array& a, const Array& b);
Array logical_not(const Array& a);

// Element by element; false for integers and bools.
Array isnan(const Array& x);
Array isinf(const Array& x);
Array isfinite(const Array& x);

// Whether any element, or every element, differs from 0. NaN does.
bool any(const Array& x);
bool all(const Array& x);

// a where `condition` is true, b elsewhere; all three broadcast, a and b have one dtype.
Array where(const Array& condition, const Array& a, const Array& b);

}  // namespace autograd::array
