#pragma once

#include <string_view>

#include "autograd/graph/variable.h"

namespace autograd {

// y with axes of length 1 around it, so that its axes go with x's from `axis` on when they
// broadcast. Throws `op: ...` unless those of x are as long; `name` is what messages call y.
Variable aligned(std::string_view op, std::string_view name, const Variable& y, const Variable& x,
                 int axis = 1);

}  // namespace autograd
