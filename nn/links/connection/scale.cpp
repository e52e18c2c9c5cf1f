#include "nn/links/connection/scale.h"

#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {

Scale::Scale(int first, const ScaleOptions& o) : axis(first) {
  if (o.W_shape.is_known()) W = Parameter(1.0, *o.W_shape);
  name_parameters();
  if (!o.bias_term) return;
  if (!o.W_shape.is_known() && !o.bias_shape.is_known())
    throw autograd::Error(
        "Scale: a bias beside a W that is no parameter must be given its shape, but there is none");
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
        "Scale: without W_shape the scale must be given with each call, but x came alone");
  return biased(autograd::scale(x, W, axis));
}

Variable Scale::operator()(const Variable& x, const Variable& y) {
  if (W) throw autograd::Error("Scale: one with a parameter takes x alone, but two inputs came");
  return biased(autograd::scale(x, y, axis));
}

}  // namespace nn::inline links
