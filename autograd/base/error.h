#pragma once

#include <stdexcept>
#include <string>

namespace autograd {

// The exception that every function of this library throws on a user's mistake or a damaged file.
// The message is one sentence of the form `op: rule, but facts`, for example
//   matmul: a.shape[1] must equal b.shape[0], but a is float32(100, 784) and b is float32(500, 784)
//
// A message may quote names from a hostile file and is still safe to print on a terminal: it is one
// line, control characters are shown as '?', and the middle of a message longer than 2,000 bytes is
// left out.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message);
};

}  // namespace autograd
