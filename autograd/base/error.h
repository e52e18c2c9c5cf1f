#pragma once

#include <stdexcept>
#include <string>

namespace autograd {

// What every function of this library throws on a user's mistake or a damaged file. The message is
// one sentence of the form `op: rule, but facts`, for example
//   matmul: a.shape[1] must equal b.shape[0], but a is float32(100, 784) and b is float32(500, 784)
//
// It is fit for a terminal whatever it quotes, which may be a name out of a hostile file: one line,
// control characters shown as '?', and the middle left out of one that is longer than 2,000 bytes.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message);
};

}  // namespace autograd
