#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <string>

#include "autograd/base/none.h"
#include "autograd/base/shape.h"

// Sizes that may be unknown when a link is made, and are then taken from its first input.
namespace nn {

using autograd::None;
using autograd::NoneType;

// A number, or None:
//   nn::Linear l1(784, 100), l2(nn::None, 10);
class Size {
 public:
  Size(NoneType) {}  // NOLINT(google-explicit-constructor)
  template <std::integral T>
  requires(!std::same_as<T, bool>) Size(T number)  // NOLINT(google-explicit-constructor)
      : number_(static_cast<std::int64_t>(number)) {}

  bool is_known() const { return number_.has_value(); }
  // The number of a size that is known.
  std::int64_t operator*() const { return number_.value(); }
  friend bool operator==(const Size&, const Size&) = default;

 private:
  std::optional<std::int64_t> number_;
};
// "784", or "None".
inline std::string to_string(const Size& size) {
  return size.is_known() ? std::to_string(*size) : "None";
}
inline std::ostream& operator<<(std::ostream& out, const Size& size) {
  return out << to_string(size);
}

// A shape, or None:
//   nn::BatchNormalization each_pixel({16, 32, 32}), later(nn::None, {.axis = {0, 2, 3}});
class ShapeOrNone {
 public:
  ShapeOrNone(NoneType) {}                              // NOLINT(google-explicit-constructor)
  ShapeOrNone(const autograd::Shape& s) : shape_(s) {}  // NOLINT(google-explicit-constructor)
  ShapeOrNone(std::initializer_list<std::int64_t> lengths) : shape_(autograd::Shape(lengths)) {}

  bool is_known() const { return shape_.has_value(); }
  // The shape, if it is known.
  const autograd::Shape& operator*() const { return shape_.value(); }

 private:
  std::optional<autograd::Shape> shape_;
};

}  // namespace nn
