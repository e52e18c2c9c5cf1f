#include "nn/links/rnn/peephole.h"

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "nn/links/rnn/gates.h"

namespace nn::inline links {

StatefulPeepholeLSTM::StatefulPeepholeLSTM(Size in_size, std::int64_t out_size)
    : state_size(out_size),
      upward(in_size, four_gates("StatefulPeepholeLSTM", out_size)),
      lateral(out_size, 4 * out_size, {.nobias = true}),
      peep_i(out_size, out_size, {.nobias = true}),
      peep_f(out_size, out_size, {.nobias = true}),
      peep_o(out_size, out_size, {.nobias = true}) {}

Variable StatefulPeepholeLSTM::operator()(const Variable& x) {
  const auto forward = [&] {
    using autograd::sigmoid, autograd::tanh;
    const Variable in = h ? upward(x) + lateral(h) : upward(x);
    const Variable before = c ? c : zero_state(x, state_size, x.dtype());
    const auto [a, i, f, o] = gates_of(in);
    const Variable after =
        tanh(a) * sigmoid(i + peep_i(before)) + sigmoid(f + peep_f(before)) * before;
    const Variable out = sigmoid(o + peep_o(after)) * tanh(after);
    c = after;
    h = out;
    return out;
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
