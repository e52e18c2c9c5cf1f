#include "nn/links/rnn/gru.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {

using autograd::linear_interpolate;
using autograd::sigmoid;
using autograd::tanh;

Variable StatelessGRU::operator()(const Variable& h, const Variable& x) {
  const auto forward = [&] {
    const Variable r = sigmoid(W_r(x) + U_r(h)), z = sigmoid(W_z(x) + U_z(h));
    return linear_interpolate(z, tanh(W(x) + U(r * h)), h);
  };
  return hooked(forward, h, x);
}

Variable StatefulGRU::operator()(const Variable& x) {
  // Layers that wait for their input are drawn in Chainer's order: W_z, W, W_r.
  const auto forward = [&] {
    Variable z = W_z(x), new_h = W(x);
    if (h) {
      const Variable r = sigmoid(W_r(x) + U_r(h));
      z = sigmoid(z + U_z(h));
      h = linear_interpolate(z, tanh(new_h + U(r * h)), h);
    } else {
      h = sigmoid(z) * tanh(new_h);
    }
    return h;
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
