#include "autograd/functions/activation.h"

#include "autograd/functions/elementwise.h"

namespace autograd {

Variable sigmoid(const Variable& x) { return elementwise(ops::Sigmoid{}, x); }
Variable tanh(const Variable& x) { return elementwise(ops::Tanh{}, x); }
Variable relu(const Variable& x) { return elementwise(ops::Relu{}, x); }
Variable hard_sigmoid(const Variable& x) { return elementwise(ops::HardSigmoid{}, x); }
Variable softplus(const Variable& x, double beta) { return elementwise(ops::Softplus{beta}, x); }
Variable leaky_relu(const Variable& x, double slope) { return elementwise(ops::LeakyRelu{slope}, x); }
Variable elu(const Variable& x, double alpha) { return elementwise(ops::Elu{alpha}, x); }
Variable clipped_relu(const Variable& x, double z) { return elementwise(ops::ClippedRelu{z}, x); }

}  // namespace autograd
