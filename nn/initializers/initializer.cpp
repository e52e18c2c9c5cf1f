#include "nn/initializers/initializer.h"

#include "autograd/base/check.h"

namespace nn {

Initializer::Initializer(double value) : fill_([value](Array& a) { a.fill(value); }) {}

Initializer::Initializer(const Array& values)
    : fill_([values](Array& a) {
        if (values.shape() != a.shape())
          autograd::Check("initializer", {{"the given array", values}, {"the parameter", a}})
              .fail("an array that initialises a parameter must have its shape");
        a.assign(values);
      }) {}

Array Initializer::operator()(const Shape& shape, Dtype dtype) const {
  Array a = Array::empty(shape, dtype);
  fill_(a);
  return a;
}

}  // namespace nn
