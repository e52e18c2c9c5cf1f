#include "nn/links/rnn/lstm.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {
namespace {

// Fills the rows of four gates one after another.
Initializer four_times(const Initializer& fill) {
  return [fill](Array& W) {
    const std::int64_t n = W.length(0) / 4;
    for (int i = 0; i < 4; ++i) W.slice(0, i * n, n).assign(fill({n, W.length(1)}, W.dtype()));
  };
}

// The bias of four gates a, i, f, o of each unit.
Initializer gate_biases(const Initializer& fill, const Initializer& fill_forget) {
  return [=](Array& b) {
    const std::int64_t n = b.length(0) / 4;
    for (int gate = 0; gate < 4; ++gate)
      b.slice(0, gate, n, 4).assign((gate == 2 ? fill_forget : fill)({n}, b.dtype()));
  };
}

std::int64_t gate_count(std::int64_t out_size) {
  if (out_size < 1)
    throw autograd::Error(fmt::format("LSTM: out_size must be at least 1, but it is {}", out_size));
  return autograd::length_product("LSTM", 4, out_size);
}

}  // namespace

LSTMBase::LSTMBase(Size in_size, std::int64_t out_size, const LSTMOptions& options)
    : upward(gate_count(out_size),
             {.nobias = true,
              .initialW = four_times(options.upward_init.or_else(initializers::LeCunNormal()))}),
      lateral(gate_count(out_size),
              {.nobias = true,
               .initialW = four_times(options.lateral_init.or_else(initializers::LeCunNormal()))}),
      state_size(out_size),
      lateral_init(options.lateral_init.or_else(initializers::LeCunNormal())),
      upward_init(options.upward_init.or_else(initializers::LeCunNormal())),
      bias_init(options.bias_init.or_else(0.0)),
      forget_bias_init(options.forget_bias_init.or_else(1.0)) {
  // The biases are drawn after the weights; until then they are 0.
  upward.b = Parameter(gate_biases(bias_init, forget_bias_init), {}, "b");
  upward.b.initialize_with(Array::zeros({4 * state_size}, upward.b.dtype()));
  if (in_size.is_known()) initialize(*in_size);
}

// Draws the weights of both layers gate by gate in turn, and then the biases, as Chainer does.
void LSTMBase::initialize(std::int64_t in_size) {
  if (in_size < 1)
    throw autograd::Error(fmt::format("LSTM: in_size must be at least 1, but it is {}", in_size));
  const std::int64_t n = state_size;
  const Dtype dtype = upward.W.dtype();
  Array sideways = Array::empty({4 * n, n}, dtype), up = Array::empty({4 * n, in_size}, dtype);
  for (int i = 0; i < 4; ++i) {
    sideways.slice(0, i * n, n).assign(lateral_init({n, n}, dtype));
    up.slice(0, i * n, n).assign(upward_init({n, in_size}, dtype));
  }
  lateral.W.initialize_with(sideways);
  Array biases = upward.b.array();
  biases.assign(gate_biases(bias_init, forget_bias_init)(biases.shape(), biases.dtype()));
  upward.W.initialize_with(up);
}

Variable LSTMBase::zeros(const Variable& x) const {
  return autograd::as_variable(Array::zeros({x.length(0), state_size}, x.dtype()));
}

Variable LSTMBase::gates(const Variable& x, const Variable& h) {
  const auto initialize_both = [&] {
    if (x.ndim() > 0) initialize(x.shape().slice(1, x.ndim()).elements());
  };
  initialize_once(initialize_both, upward.W);
  return h ? upward(x) + lateral(h) : upward(x);
}

autograd::CellAndOutput StatelessLSTM::operator()(const Variable& c, const Variable& h,
                                                  const Variable& x) {
  const auto forward = [&] {
    const Variable in = gates(x, h);
    return autograd::lstm(c ? c : zeros(x), in);
  };
  return hooked(forward, c, h, x);
}

Variable LSTM::operator()(const Variable& x) {
  return hooked([&] { return step(x); }, x);
}

Variable LSTM::step(const Variable& x) {
  if (h && x.ndim() > 0 && x.length(0) > h.length(0))
    autograd::Check("LSTM", {{"x", x}, {"h", h}})
        .fail(
            "x must not have more rows than the last output h (reset_state() starts new "
            "sequences)");
  if (h && x.length(0) < h.length(0)) {
    const Variables rows = autograd::split_axis(h, {x.length(0)}, 0);
    const auto [cell, y] = autograd::lstm(c, gates(x, rows[0]));
    c = cell;
    h = autograd::concat({y, rows[1]}, 0);
    return y;
  }
  const Variable in = gates(x, h);
  const auto [cell, y] = autograd::lstm(c ? c : zeros(x), in);
  c = cell;
  h = y;
  return y;
}

}  // namespace nn::inline links
