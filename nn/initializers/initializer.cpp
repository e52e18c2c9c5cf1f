#include "nn/initializers/initializer.h"

#include <fmt/format.h>

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

Initializer Initializer::with_dtype(std::optional<Dtype> dtype) const {
  Initializer other = *this;
  other.dtype_ = dtype;
  return other;
}

Array Initializer::operator()(const Shape& shape, Dtype dtype) const {
  if (dtype_ && *dtype_ != dtype)
    throw autograd::Error(
        fmt::format("initializer: an array must have the initializer's dtype {}, but it is {}",
                    name(*dtype_), name(dtype)));
  Array a = Array::empty(shape, dtype);
  fill_(a);
  return a;
}

}  // namespace nn
