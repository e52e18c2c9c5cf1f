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
        "Bias: without a shape each call must be given x and b, but it was given x only");
  return hooked([&] { return autograd::bias(x, b, axis); }, x);
}

Variable Bias::operator()(const Variable& x, const Variable& y) {
  if (b)
    throw autograd::Error(
        "Bias: with a shape each call must be given x only, but it was given two inputs");
  return hooked([&] { return autograd::bias(x, y, axis); }, x, y);
}

}  // namespace nn::inline links
