#pragma once

#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Elementwise selection. A condition is a constant: no gradient flows through it. The derivatives
// of elementwise ops are written with these functions and comparisons.
namespace autograd::inline functions {

Condition operator>(const Variable& a, const Variable& b);
Condition operator>=(const Variable& a, const Variable& b);
Condition operator<(const Variable& a, const Variable& b);
Condition operator<=(const Variable& a, const Variable& b);
Condition operator==(const Variable& a, const Variable& b);
Condition operator!=(const Variable& a, const Variable& b);
Condition operator>(const Variable& a, double b);
Condition operator>=(const Variable& a, double b);
Condition operator<(const Variable& a, double b);
Condition operator<=(const Variable& a, double b);
Condition operator==(const Variable& a, double b);
Condition operator!=(const Variable& a, double b);

// a where the condition is true, b elsewhere. The gradient of an element goes to the selected
// input.
Variable select(const Condition& condition, const Variable& a, const Variable& b);
Variable select(const Condition& condition, const Variable& a, double b);
Variable select(const Condition& condition, double a, const Variable& b);
Variable select(const Condition& condition, double a, double b);

// The same with a bool array as the condition; all three broadcast. Chainer's F.where.
Variable where(ArrayLike condition, const Variable& a, const Variable& b);

}  // namespace autograd::inline functions
