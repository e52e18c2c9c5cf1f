#pragma once

#include "autograd/array/compare.h"
#include "autograd/graph/variable.h"

namespace autograd {

// The type of array parameters that get no gradient: labels, IDs, positions, a condition. It
// accepts an Array, a Variable or a comparison, so that both of these calls compile and mean the
// same:
//   softmax_cross_entropy(y, labels)        softmax_cross_entropy(y, Variable(labels))
//
// A non-owning pointer to its argument, valid for the duration of the call.
class ArrayLike {
 public:
  ArrayLike(const Array& a) : array_(&a) {}             // NOLINT(google-explicit-constructor)
  ArrayLike(const Variable& x) : array_(&x.array()) {}  // NOLINT(google-explicit-constructor)
  ArrayLike(const Condition& c) : array_(&c.truth) {}   // NOLINT(google-explicit-constructor)

  const Array& array() const { return *array_; }

  // So that a callback given to this library may take either type.
  operator const Array&() const { return *array_; }           // NOLINT
  operator Variable() const { return as_variable(*array_); }  // NOLINT

 private:
  const Array* array_;
};

// The owning counterpart for fields of option structs: {.mask = array}. A null variable gives an
// empty handle.
class ArrayField : public Array {
 public:
  ArrayField() = default;
  ArrayField(const Array& a) : Array(a) {}        // NOLINT(google-explicit-constructor)
  ArrayField(Array&& a) : Array(std::move(a)) {}  // NOLINT(google-explicit-constructor)
  ArrayField(const Variable& x) : Array(x ? x.array() : Array()) {}  // NOLINT
  ArrayField(const Condition& c) : Array(c.truth) {}  // NOLINT(google-explicit-constructor)
};

}  // namespace autograd
