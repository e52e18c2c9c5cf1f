#pragma once

#include "autograd/array/compare.h"
#include "autograd/graph/variable.h"

namespace autograd {

// An array that a function takes and that gets no gradient: labels, IDs, positions, a condition.
// An Array, a Variable and a comparison may stand for it, so that both calls mean the same:
//   softmax_cross_entropy(y, labels)        softmax_cross_entropy(y, Variable(labels))
//
// It points to what it was made of, and lasts as long as the call.
class ArrayLike {
 public:
  ArrayLike(const Array& a) : array_(&a) {}             // NOLINT(google-explicit-constructor)
  ArrayLike(const Variable& x) : array_(&x.array()) {}  // NOLINT(google-explicit-constructor)
  ArrayLike(const Condition& c) : array_(&c.truth) {}   // NOLINT(google-explicit-constructor)

  const Array& array() const { return *array_; }

  // For a function that a program gives to this library, which may take the one or the other.
  operator const Array&() const { return *array_; }           // NOLINT
  operator Variable() const { return as_variable(*array_); }  // NOLINT

 private:
  const Array* array_;
};

// The same among arguments that lie in a struct, {.mask = array}. A variable that is none gives
// none.
class ArrayField : public Array {
 public:
  ArrayField() = default;
  ArrayField(const Array& a) : Array(a) {}        // NOLINT(google-explicit-constructor)
  ArrayField(Array&& a) : Array(std::move(a)) {}  // NOLINT(google-explicit-constructor)
  ArrayField(const Variable& x) : Array(x ? x.array() : Array()) {}  // NOLINT
  ArrayField(const Condition& c) : Array(c.truth) {}  // NOLINT(google-explicit-constructor)
};

}  // namespace autograd
