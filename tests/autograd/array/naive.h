#pragma once

#include <functional>
#include <random>
#include <vector>

#include "autograd/array/array.h"

// Slow and obvious counterparts of what the array floor does.
namespace autograd::naive {

// Calls f(index) for each element of `shape` in C order.
template <class F>
void for_each_index(const Shape& shape, const F& f) {
  Shape index = Shape::filled(shape.ndim(), 0);
  for (std::int64_t i = 0; i < shape.elements(); ++i) {
    f(index);
    for (int axis = shape.ndim() - 1; axis >= 0; --axis) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
}

// One element, as a double, straight from the storage.
inline double element(const Array& a, const Shape& index) {
  std::int64_t at = 0;
  for (int axis = 0; axis < a.ndim(); ++axis) at += index[axis] * a.strides()[axis];
  return visit(a.dtype(), [&]<class T>(std::type_identity<T>) {
    return static_cast<double>(a.strided_data<T>()[at]);
  });
}

inline std::vector<double> elements(const Array& a) {
  std::vector<double> out;
  for_each_index(a.shape(), [&](const Shape& i) { out.push_back(element(a, i)); });
  return out;
}

// Whole numbers from 0 to 99, so that sums of them are exact.
inline Array numbers(const Shape& shape, Dtype dtype, unsigned seed = 1) {
  std::mt19937 random(seed);
  Array a = Array::empty(shape, dtype);
  visit(dtype, [&]<class T>(std::type_identity<T>) {
    T* p = a.mutable_strided_data<T>();
    for (std::int64_t i = 0; i < a.size(); ++i) p[i] = static_cast<T>(random() % 100);
  });
  return a;
}

}  // namespace autograd::naive
