#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "autograd/array/index.h"

namespace autograd {

// A number that grows when the array, or an array among the indices, is written to.
inline std::uint64_t version_of(const Array& a) { return a ? a.storage()->version() : 0; }
std::uint64_t version_of(const Indices& indices);

// Throws `op: ...`.
[[noreturn]] void fail_on_overwritten(std::string_view op, std::string_view what);

// A value that a function stores for its backward pass besides retained inputs and outputs: a mask,
// labels, positions. The array may be shared with the caller; get() throws if it was overwritten
// since.
//
//   Kept<Array> mask_{"mask", mask};     mask_.get(name())
template <class T>
class Kept {
 public:
  // `what` names the value in messages; a string literal.
  Kept(std::string_view what, T value)
      : what_(what), value_(std::move(value)), version_(version_of(value_)) {}

  // Throws `op: ...` if the value was overwritten.
  const T& get(std::string_view op) const {
    if (version_of(value_) != version_) [[unlikely]]
      fail_on_overwritten(op, what_);
    return value_;
  }
  // The value without this check, for callers that do not read its numbers.
  const T& now() const { return value_; }

 private:
  std::string_view what_;
  T value_;
  std::uint64_t version_;
};

}  // namespace autograd
