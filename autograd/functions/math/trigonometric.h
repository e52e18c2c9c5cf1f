#pragma once

#include "autograd/graph/function_node.h"

// Elementwise, in radians, on float32 and float64.
namespace autograd::inline functions {

Variable sin(const Variable& x);
Variable cos(const Variable& x);
Variable tan(const Variable& x);
Variable arcsin(const Variable& x);  // NaN outside [-1, 1]; the gradient is infinite at the ends
Variable arccos(const Variable& x);
Variable arctan(const Variable& x);
Variable arctanh(const Variable& x);
// The angle of the point (b, a), in [-pi, pi].
Variable arctan2(const Variable& a, const Variable& b);

}  // namespace autograd::inline functions
