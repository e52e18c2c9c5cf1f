#pragma once

namespace autograd {

// The first member of a struct of options. It forces callers to name the options: {.stride = 2,
// .pad = 1}. Without it, {2, 1} would compile and mean {.stride = 2, .pad = 1}, while in Chainer
// the tuple (2, 1) is a stride.
struct ByName {
  ByName() = default;
};

}  // namespace autograd
