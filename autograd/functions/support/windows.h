#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "autograd/base/shape.h"

namespace autograd {

// The geometry of the windows of im2col, a convolution or a pooling along one axis of an image:
// window i covers the pixels i stride + j dilate - pad, j = 0 .. window - 1.
//
// No computation with these numbers overflows 64 bits, because each number is bounded: the length
// by the greatest length of an array, the others by `kMost`.
struct Windows {
  static constexpr std::int64_t kMost = (std::int64_t{1} << 31) - 1;

  std::int64_t length, window, stride, pad, dilate = 1;

  std::int64_t reach() const { return 1 + (window - 1) * dilate; }
  // The number of windows; 0 if not even one fits. With cover_all the last one may reach beyond the
  // padding.
  std::int64_t count(bool cover_all) const {
    const std::int64_t room = length + 2 * pad - reach() + (cover_all ? stride - 1 : 0);
    return room < 0 ? 0 : room / stride + 1;
  }
  // The length of the image that `count` windows cover exactly: the inverse of count(). Lengths
  // beyond the greatest length of an array saturate at a value above it.
  static std::int64_t covered(std::int64_t count, std::int64_t window, std::int64_t stride,
                              std::int64_t pad, std::int64_t dilate) {
    constexpr std::int64_t kTooLong = std::int64_t{1} << 61;
    const std::int64_t steps = count - 1 > kTooLong / stride ? kTooLong : stride * (count - 1);
    return steps + 1 + (window - 1) * dilate - 2 * pad;
  }
  // The padding behind the image that n windows need.
  std::int64_t pad_behind(std::int64_t n) const {
    return std::max(pad, (n - 1) * stride + reach() - length - pad);
  }
};

// Throws `op: argument ...` unless all lengths are in [least, Windows::kMost]. Every number given
// by a caller is checked here before anything is computed from it.
void check_windows(std::string_view op, std::string_view argument, const Shape& lengths,
                   std::int64_t least);

}  // namespace autograd
