#include "autograd/functions/support/elementwise.h"

#include <fmt/format.h>

namespace autograd {

std::string label_with(std::string_view label, double constant) {
  const std::size_t at = label.find('#');
  if (at == std::string_view::npos) return std::string(label);
  const std::string number =
      constant < 0 ? fmt::format("({})", constant) : fmt::format("{}", constant);
  return fmt::format("{}{}{}", label.substr(0, at), number, label.substr(at + 1));
}

Variable fit(Variable g, const Shape& shape, const Shape& input_shape) {
  if (!g) return g;
  if (g.shape() != shape) g = broadcast_to(g, shape);
  if (g.shape() != input_shape) g = sum_to(g, input_shape);
  return g;
}

Variable one_minus_square(const Variable& x) { return elementwise(ops::OneMinusSquare{}, x); }

}  // namespace autograd
