#include "autograd/functions/support/align.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"

namespace autograd {

Variable aligned(std::string_view op, std::string_view name, const Variable& y, const Variable& x,
                 int axis) {
  const int n = y.ndim();
  const bool fits =
      axis >= 0 && axis <= x.ndim() - n && x.shape().slice(axis, axis + n) == y.shape();
  if (!fits)
    Check(op, {{"x", x}, {name, y}})
        .fail(fmt::format("the axes of x from axis {} on must match those of {}", axis, name));
  Shape shape = Shape::filled(x.ndim(), 1);
  for (int i = 0; i < n; ++i) shape[axis + i] = y.length(i);
  return reshape(y, shape);
}

}  // namespace autograd
