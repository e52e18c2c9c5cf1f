#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "autograd/array/index.h"

namespace autograd {

// A number that grows when the array, or one of the arrays among the indices, is written to.
inline std::uint64_t version_of(const Array& a) { return a ? a.storage()->version() : 0; }
std::uint64_t version_of(const Indices& indices);

// Throws `op: ...`.
[[noreturn]] void fail_on_overwritten(std::string_view op, std::string_view what);

// A member of a function that is kept for its backward pass, next to what it retains: a mask,
// labels, positions. Others may have these arrays, too. So, like what is retained, they are given
// only while nobody has overwritten them.
//
//   Kept<Array> mask_{"mask", mask};     mask_.get(name())
template <class T>
class Kept {
 public:
  // `what` is what messages call it, a literal.
  Kept(std::string_view what, T value)
      : what_(what), value_(std::move(value)), version_(version_of(value_)) {}

  // Throws in the name of `op` if it was overwritten.
  const T& get(std::string_view op) const {
    if (version_of(value_) != version_) [[unlikely]]
      fail_on_overwritten(op, what_);
    return value_;
  }
  // The same as it is now, for what does not read its numbers.
  const T& now() const { return value_; }

 private:
  std::string_view what_;
  T value_;
  std::uint64_t version_;
};

}  // namespace autograd
