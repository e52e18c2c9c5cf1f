#pragma once

#include <stdexcept>

namespace autograd {

// What every function of this library throws on a user's mistake or a damaged file. The message is
// one sentence of the form `op: rule, but facts`, for example
//   matmul: a.shape[1] must equal b.shape[0], but a is float32(100, 784) and b is float32(500, 784)
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace autograd
