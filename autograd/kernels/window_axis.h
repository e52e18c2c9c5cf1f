#pragma once

#include <cstdint>

namespace autograd::kernels {

// How the windows of a pooling, or the places of a filter, lie along an axis of an image: window i
// covers the pixels i stride + u dilate - pad, u = 0 .. window - 1. Such a pixel is also
//   (i + steps(u)) stride + phase(u) - pad.
struct WindowAxis {
  std::int64_t length, windows;  // of the image, and how many windows there are
  std::int64_t window, stride, pad, dilate = 1;

  std::int64_t steps(std::int64_t u) const { return u * dilate / stride; }
  std::int64_t phase(std::int64_t u) const { return u * dilate % stride; }
  std::int64_t most_steps() const { return steps(window - 1); }
};

}  // namespace autograd::kernels
