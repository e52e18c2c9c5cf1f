#include "nn/links/rnn/gru.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {

using autograd::linear_interpolate;
using autograd::sigmoid;
using autograd::tanh;

Variable StatelessGRU::operator()(const Variable& h, const Variable& x) {
  const Variable r = sigmoid(W_r(x) + U_r(h)), z = sigmoid(W_z(x) + U_z(h));
  return linear_interpolate(z, tanh(W(x) + U(r * h)), h);
}

Variable StatefulGRU::operator()(const Variable& x) {
  if (h) {
    const Variable r = sigmoid(W_r(x) + U_r(h)), z = sigmoid(W_z(x) + U_z(h));
    h = linear_interpolate(z, tanh(W(x) + U(r * h)), h);
  } else {
    h = sigmoid(W_z(x)) * tanh(W(x));
  }
  return h;
}

}  // namespace nn::inline links
