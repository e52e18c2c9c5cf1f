#pragma once

namespace autograd {

// The first member of options that are given by their names only, {.stride = 2, .pad = 1}. Without
// it {2, 1} would be {.stride = 2, .pad = 1} where Chainer's tuple (2, 1) is a stride.
struct ByName {
  ByName() = default;
};

}  // namespace autograd
