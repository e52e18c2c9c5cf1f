#pragma once

#include <functional>

#include "autograd/array/array.h"
#include "autograd/base/none.h"

namespace nn {

using autograd::Array;
using autograd::Dtype;
using autograd::Shape;

// What fills a new parameter: one of nn::initializers, a number (every element), an array (copied;
// its shape must be the parameter's), or any callable that writes to the array it is given.
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
  // A new array of that shape, filled.
  Array operator()(const Shape& shape, Dtype dtype) const;
  // This one, or `fallback` if none was given.
  Initializer or_else(const Initializer& fallback) const { return fill_ ? *this : fallback; }

 private:
  std::function<void(Array&)> fill_;
};

}  // namespace nn
