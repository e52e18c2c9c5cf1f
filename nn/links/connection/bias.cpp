#include "nn/links/connection/bias.h"

#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {

Bias::Bias(int first, const ShapeOrNone& shape) : axis(first) {
  if (shape.is_known()) b = Parameter(0.0, *shape);
  name_parameters();
}

Variable Bias::operator()(const Variable& x) {
  if (!b)
    throw autograd::Error(
        "Bias: without a shape the bias must be given with each call, but x came alone");
  return autograd::bias(x, b, axis);
}

Variable Bias::operator()(const Variable& x, const Variable& y) {
  if (b) throw autograd::Error("Bias: one with a parameter takes x alone, but two inputs came");
  return autograd::bias(x, y, axis);
}

}  // namespace nn::inline links
