#include "autograd/functions/math/trigonometric.h"

#include "autograd/functions/support/elementwise.h"

namespace autograd::inline functions {

Variable sin(const Variable& x) { return elementwise(ops::Sin{}, x); }
Variable cos(const Variable& x) { return elementwise(ops::Cos{}, x); }
Variable tan(const Variable& x) { return elementwise(ops::Tan{}, x); }
Variable arcsin(const Variable& x) { return elementwise(ops::Arcsin{}, x); }
Variable arccos(const Variable& x) { return elementwise(ops::Arccos{}, x); }
Variable arctan(const Variable& x) { return elementwise(ops::Arctan{}, x); }
Variable arctanh(const Variable& x) { return elementwise(ops::Arctanh{}, x); }
Variable arctan2(const Variable& a, const Variable& b) { return elementwise(ops::Arctan2{}, a, b); }

}  // namespace autograd::inline functions
