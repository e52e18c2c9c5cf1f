#pragma once

#include <cstdint>

namespace autograd::kernels {

// The geometry of the windows of a pooling or a convolution along one axis of an image. Window i
// covers the pixels i stride + u dilate - pad, for u = 0 .. window - 1. The same pixel can be
// written as
//   (i + steps(u)) stride + phase(u) - pad.
struct WindowAxis {
  std::int64_t length, windows;  // the length of the image, and the number of windows
  std::int64_t window, stride, pad, dilate = 1;

  std::int64_t steps(std::int64_t u) const { return u * dilate / stride; }
  std::int64_t phase(std::int64_t u) const { return u * dilate % stride; }
  std::int64_t most_steps() const { return steps(window - 1); }
};

}  // namespace autograd::kernels
