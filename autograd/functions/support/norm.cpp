#include "autograd/functions/support/norm.h"

#include "autograd/array/reduce.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"

namespace autograd {

Variable root_of_squares(const Variable& x, const Axes& axes) {
  const Variable squares = sum(square(x), axes, true);
  const Condition zero = squares <= 0;  // where the square root has no derivative
  return select(zero, 0, sqrt(select(zero, 1, squares)));
}

Variable euclidean_norm(const Variable& x, const Axes& axes) {
  if (x.size() == 0) return sum(x, axes, true);
  // A constant, on which the norm does not depend.
  const Variable scale = as_variable(array::binary_scale(x.array(), axes));
  return root_of_squares(x / scale, axes) * scale;
}

}  // namespace autograd
