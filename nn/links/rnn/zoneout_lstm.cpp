#include "nn/links/rnn/zoneout_lstm.h"

#include <fmt/format.h>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/noise/noise.h"
#include "nn/links/rnn/gates.h"

namespace nn::inline links {

StatefulZoneoutLSTM::StatefulZoneoutLSTM(Size in_size, std::int64_t out_size,
                                         const StatefulZoneoutLSTMOptions& o)
    : state_size(out_size),
      c_ratio(o.c_ratio),
      h_ratio(o.h_ratio),
      upward(in_size, four_gates("StatefulZoneoutLSTM", out_size)),
      lateral(out_size, 4 * out_size, {.nobias = true}) {
  if (!(c_ratio >= 0 && c_ratio <= 1 && h_ratio >= 0 && h_ratio <= 1))
    throw autograd::Error(fmt::format(
        "StatefulZoneoutLSTM: c_ratio and h_ratio must lie in [0, 1], but they are {} and {}",
        c_ratio, h_ratio));
}

Variable StatefulZoneoutLSTM::operator()(const Variable& x) {
  const auto forward = [&] {
    using autograd::sigmoid, autograd::tanh, autograd::zoneout;
    const Variable in = h ? upward(x) + lateral(h) : upward(x);
    const Variable old_h = h ? h : zero_state(x, state_size, x.dtype());
    const Variable old_c = c ? c : zero_state(x, state_size, x.dtype());
    const auto [a, i, f, o] = gates_of(in);
    const Variable new_c = tanh(a) * sigmoid(i) + sigmoid(f) * old_c;
    const Variable cell = zoneout(old_c, new_c, c_ratio);
    const Variable out = zoneout(old_h, sigmoid(o) * tanh(new_c), h_ratio);
    c = cell;
    h = out;
    return out;
  };
  return hooked(forward, x);
}

}  // namespace nn::inline links
