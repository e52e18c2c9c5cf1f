#include "nn/links/connection/scale.h"

#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {

Scale::Scale(int first, const ScaleOptions& o) : axis(first) {
  if (o.W_shape.is_known()) W = Parameter(1.0, *o.W_shape);
  name_parameters();
  if (!o.bias_term) return;
  if (!o.W_shape.is_known() && !o.bias_shape.is_known())
    throw autograd::Error(
        "Scale: without W_shape a bias must be given its bias_shape, but there is none");
  bias = Bias(axis, o.W_shape.is_known() ? o.W_shape : o.bias_shape);
}
Scale::Scale(int first, const ShapeOrNone& W_shape, bool bias_term, const ShapeOrNone& bias_shape)
    : Scale(first,
            ScaleOptions{.W_shape = W_shape, .bias_term = bias_term, .bias_shape = bias_shape}) {}

void Scale::list(Members& members) {
  members("W", W);
  if (bias) members("bias", *bias);
}

Variable Scale::operator()(const Variable& x) {
  if (!W)
    throw autograd::Error(
        "Scale: without W_shape each call must be given x and W, but it was given x only");
  return hooked([&] { return biased(autograd::scale(x, W, axis)); }, x);
}

Variable Scale::operator()(const Variable& x, const Variable& y) {
  if (W)
    throw autograd::Error(
        "Scale: with W_shape each call must be given x only, but it was given two inputs");
  return hooked([&] { return biased(autograd::scale(x, y, axis)); }, x, y);
}

}  // namespace nn::inline links
