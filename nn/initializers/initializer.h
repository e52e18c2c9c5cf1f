#pragma once

#include <functional>
#include <optional>

#include "autograd/array/array.h"
#include "autograd/base/none.h"

namespace nn {

using autograd::Array;
using autograd::Dtype;
using autograd::Shape;

// The initial values of a parameter: one of nn::initializers, a number for all elements, an array
// of the parameter's shape (which is copied), or any callable that fills the array it is called
// with.
class Initializer {
 public:
  Initializer() = default;            // none: the layer's own default is taken
  Initializer(autograd::NoneType) {}  // NOLINT(google-explicit-constructor): none, too
  Initializer(double value);          // NOLINT(google-explicit-constructor)
  Initializer(const Array& values);   // NOLINT(google-explicit-constructor)
  template <class F>
  // NOLINTNEXTLINE(google-explicit-constructor)
  requires std::is_invocable_v<const F&, Array&> Initializer(const F& fill) : fill_(fill) {}

  explicit operator bool() const { return static_cast<bool>(fill_); }
  // Returns a new array of this shape with initial values. Throws if the initializer has another
  // dtype.
  Array operator()(const Shape& shape, Dtype dtype) const;
  // This one for arrays of `dtype` alone, Chainer's argument dtype: a parameter that is made with it
  // gets this dtype, unless it is told another. Without a dtype it is for arrays of any dtype.
  Initializer with_dtype(std::optional<Dtype> dtype) const;
  std::optional<Dtype> dtype() const { return dtype_; }
  // This one, or `fallback` if none was given.
  Initializer or_else(const Initializer& fallback) const { return fill_ ? *this : fallback; }

 private:
  std::function<void(Array&)> fill_;
  std::optional<Dtype> dtype_;
};

}  // namespace nn
