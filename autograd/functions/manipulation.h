#pragma once

#include "autograd/graph/function_node.h"

// Functions that move elements without changing them; Chainer's functions/array. Views where the layout allows it.
namespace autograd {

// The same elements in another shape; one length may be -1.
Variable reshape(const Variable& x, const Shape& shape);

// The axes in another order; none named reverses them.
Variable transpose(const Variable& x, const Axes& axes = {});

}  // namespace autograd
