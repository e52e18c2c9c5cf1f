#include "autograd/functions/rnn/tree_lstm.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/math/basic_math.h"

namespace autograd::inline functions {

CellAndOutput tree_lstm(const VariableList& inputs) {
  if (inputs.size() < 2)
    throw Error(fmt::format("tree_lstm: there must be a child and x, but there are {} arguments",
                            inputs.size()));
  const std::size_t n = inputs.size() - 1;
  const Variable& x = inputs[n];
  for (std::size_t k = 0; k < n; ++k) {
    Check("tree_lstm", {{"c", inputs[k]}, {"the first c", inputs[0]}}).floats().same_shape();
    Check("tree_lstm", {{"c", inputs[k]}, {"x", x}}).floats();
  }
  const Variable& first = inputs[0];
  Shape shape = first.shape();
  if (shape.ndim() >= 2)
    shape[1] = length_product("tree_lstm", shape[1], static_cast<std::int64_t>(3 + n));
  if (shape.ndim() < 2 || x.shape() != shape)
    Check("tree_lstm", {{"c", first}, {"x", x}})
        .fail(
            fmt::format("x must have the shape of c, with {} times the units along axis 1", 3 + n));
  const Variables gates = split_axis(x, static_cast<int>(3 + n), 1);
  Variable c = tanh(gates[0]) * sigmoid(gates[1]);
  for (std::size_t k = 0; k < n; ++k) c += sigmoid(gates[3 + k]) * inputs[k];
  return {c, sigmoid(gates[2]) * tanh(c)};
}

}  // namespace autograd::inline functions
