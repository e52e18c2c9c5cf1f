#pragma once

#include <algorithm>
#include <cstdint>

namespace autograd {

// How the windows of im2col, of a convolution or of a pooling lie along one axis of an image:
// window i covers the places i stride + j dilate - pad, j = 0 .. window - 1.
struct Windows {
  std::int64_t length, window, stride, pad, dilate = 1;

  std::int64_t reach() const { return 1 + (window - 1) * dilate; }
  // How many there are, not more than 0 where not even one fits. With cover_all the last one may
  // reach beyond the padding.
  std::int64_t count(bool cover_all) const {
    const std::int64_t room = length + 2 * pad - reach() + (cover_all ? stride - 1 : 0);
    return room < 0 ? 0 : room / stride + 1;
  }
  // The length of the image that so many windows cover exactly: the inverse of count().
  static std::int64_t covered(std::int64_t count, std::int64_t window, std::int64_t stride,
                              std::int64_t pad, std::int64_t dilate) {
    return stride * (count - 1) + 1 + (window - 1) * dilate - 2 * pad;
  }
  // What is missing behind the image for so many windows.
  std::int64_t pad_behind(std::int64_t n) const {
    return std::max(pad, (n - 1) * stride + reach() - length - pad);
  }
};

}  // namespace autograd
