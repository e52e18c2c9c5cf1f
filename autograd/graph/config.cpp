#include "autograd/graph/config.h"

namespace autograd {

Config& config() {
  static thread_local Config c;
  return c;
}

}  // namespace autograd
