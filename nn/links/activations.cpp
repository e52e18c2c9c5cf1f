#include "nn/links/activations.h"

#include "autograd/functions/activation.h"

namespace nn {

Variable PReLU::operator()(const Variable& x) { return autograd::prelu(x, W); }

Variable Swish::operator()(const Variable& x) {
  const auto initialize = [&] {
    if (x.ndim() > 0) beta.initialize(x.shape().slice(1, x.ndim()));
  };
  initialize_once(initialize, beta);
  return autograd::swish(x, beta);
}

}  // namespace nn
