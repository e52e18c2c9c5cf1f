#include "nn/links/activation/activations.h"

#include "autograd/functions/activation/activation.h"

namespace nn::inline links {

PReLU::PReLU(const Shape& shape, const Initializer& init) : W(init, shape) { name_parameters(); }

Variable PReLU::operator()(const Variable& x) {
  return hooked([&] { return autograd::prelu(x, W); }, x);
}

Swish::Swish(const ShapeOrNone& beta_shape, const Initializer& beta_init) : beta(beta_init) {
  if (beta_shape.is_known()) beta.initialize(*beta_shape);
  name_parameters();
}

Variable Swish::operator()(const Variable& x) {
  const auto initialize = [&] {
    if (x.ndim() > 0) beta.initialize(x.shape().slice(1, x.ndim()));
  };
  initialize_once(initialize, beta);
  return hooked([&] { return autograd::swish(x, beta); }, x);
}

}  // namespace nn::inline links
