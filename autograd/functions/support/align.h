#pragma once

#include <string_view>

#include "autograd/graph/variable.h"

namespace autograd {

// Reshapes y with axes of length 1, so that in broadcasting its axes match those of x from `axis`
// on. Throws `op: ...` unless these axes of x have the same lengths; `name` is the name of y in
// messages.
Variable aligned(std::string_view op, std::string_view name, const Variable& y, const Variable& x,
                 int axis = 1);

}  // namespace autograd
