#include "autograd/functions/rnn/rnn.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/noise/noise.h"

namespace autograd::inline functions {
namespace {

// What lies in x for each unit: (B, 4 n, ...) as four of (B, n, ...).
struct Gates {
  Variable a, i, f, o;
};
Gates gates_of(const Variable& x) {
  Shape shape = x.shape();
  shape[1] /= 4;
  shape.insert(2, 4);
  const Variables gates = separate(reshape(x, shape), 2);
  return {gates[0], gates[1], gates[2], gates[3]};
}

// Whether x has room for the gates of c: (B, 4 n, ...) for (B, n, ...).
bool has_gates_for(const Variable& x, const Variable& c) {
  Shape shape = c.shape();
  shape[1] *= 4;
  shape[0] = x.length(0);
  return x.shape() == shape;
}

// A unit's state; c is none but for an LSTM.
struct State {
  Variable h, c;
};
// One step of a layer.
using Step = std::function<State(const Variable& x, const State& before)>;
// Makes it of the layer's weights and biases.
using Unit = std::function<Step(const Variables& w, const Variables& b)>;

// What x and h add up to, for weights on x and on h.
Variable inflow(const Variable& x, const Variable& h, const Variables& w, const Variables& b) {
  return linear(x, w[0], b[0]) + linear(h, w[1], b[1]);
}

Step lstm_unit(const Variables& w, const Variables& b) {
  // The gates i, f, a, o as lstm() takes them: interleaved, a in front.
  const auto interleaved = [](const Variables& v, std::size_t at) {
    const Variable all = stack({v[at + 2], v[at], v[at + 1], v[at + 3]}, 1);
    Shape shape = v[at].shape();
    shape[0] *= 4;
    return reshape(all, shape);
  };
  const Variables weights{interleaved(w, 0), interleaved(w, 4)};
  const Variables biases{interleaved(b, 0), interleaved(b, 4)};
  return [=](const Variable& x, const State& before) -> State {
    const auto [c, h] = lstm(before.c, inflow(x, before.h, weights, biases));
    return {h, c};
  };
}

Step gru_unit(const Variables& w, const Variables& b) {
  const auto joined = [](const Variables& v, std::size_t at) {
    return concat({v[at], v[at + 1], v[at + 2]}, 0);
  };
  const Variable W = joined(w, 0), U = joined(w, 3), bW = joined(b, 0), bU = joined(b, 3);
  return [=](const Variable& x, const State& before) -> State {
    const Variables of_x = split_axis(linear(x, W, bW), 3, 1);
    const Variables of_h = split_axis(linear(before.h, U, bU), 3, 1);
    const Variable r = sigmoid(of_x[0] + of_h[0]), z = sigmoid(of_x[1] + of_h[1]);
    const Variable h_bar = tanh(of_x[2] + r * of_h[2]);
    return {(1 - z) * h_bar + z * before.h, {}};
  };
}

Unit plain_unit(RnnActivation activation) {
  return [activation](const Variables& w, const Variables& b) -> Step {
    return [=](const Variable& x, const State& before) -> State {
      const Variable h = inflow(x, before.h, w, b);
      return {activation == RnnActivation::tanh ? tanh(h) : relu(h), {}};
    };
  };
}

// Goes through the steps with a layer. Returns its outputs, and leaves the last state of each
// sequence in `state`: where a step has fewer rows, the others stay as they are.
Variables through_steps(const Step& step, const VariableList& xs, State& state) {
  Variables ys;
  for (const Variable& x : xs) {
    const std::int64_t going = x.length(0), all = state.h.length(0);
    if (going == all) {
      state = step(x, state);
      ys.push_back(state.h);
      continue;
    }
    const Sections border{going};
    const Variables h = split_axis(state.h, border, 0);
    const Variables c = state.c ? split_axis(state.c, border, 0) : Variables(2);
    const State next = step(x, {h[0], c[0]});
    ys.push_back(next.h);
    state.h = concat({next.h, h[1]}, 0);
    if (state.c) state.c = concat({next.c, c[1]}, 0);
  }
  return ys;
}

// What a whole call is given; cx is none but for an LSTM.
struct Arguments {
  int n_layers;
  double dropout_ratio;
  Variable hx, cx;
  const Weights &ws, &bs;
  const VariableList& xs;
};

void check_states(std::string_view op, const Arguments& a, int layers) {
  const Variable &x = a.xs[0], &hx = a.hx;
  Check(op, {{"xs[0]", x}, {"hx", hx}}).floats();
  Check(op, {{"xs[0]", x}}).ndim(2);
  Check(op, {{"hx", hx}}).ndim(3);
  if (hx.length(0) != layers || hx.length(1) < x.length(0))
    Check(op, {{"hx", hx}})
        .fail(fmt::format("hx must hold the states of {} layers and at least {} sequences", layers,
                          x.length(0)));
  for (std::size_t t = 1; t < a.xs.size(); ++t) {
    const Variable &before = a.xs[t - 1], &after = a.xs[t];
    Check(op, {{"x", before}, {"the next x", after}}).floats();
    Check(op, {{"x", before}, {"the next x", after}})
        .that(after.ndim() == 2 && after.length(1) == before.length(1) &&
                  after.length(0) <= before.length(0),
              "each step must have as many columns as the one before it, and not more rows");
  }
}

void check_weights(std::string_view op, const Arguments& a, int directions, std::size_t weights) {
  const auto layers = static_cast<std::size_t>(a.n_layers * directions);
  const std::int64_t out = a.hx.length(2);
  if (a.ws.size() != layers || a.bs.size() != layers)
    throw Error(
        fmt::format("{}: ws and bs must have a list for each of {} layers, but they have "
                    "{} and {}",
                    op, layers, a.ws.size(), a.bs.size()));
  for (std::size_t layer = 0; layer < layers; ++layer) {
    if (a.ws[layer].size() != weights || a.bs[layer].size() != weights)
      throw Error(
          fmt::format("{}: ws[{}] and bs[{}] must have {} arrays each, but they have {} and {}", op,
                      layer, layer, weights, a.ws[layer].size(), a.bs[layer].size()));
    const bool first = layer < static_cast<std::size_t>(directions);
    for (std::size_t i = 0; i < weights; ++i) {
      const Variable &w = a.ws[layer][i], &b = a.bs[layer][i];
      const std::int64_t in = i >= weights / 2 ? out : first ? a.xs[0].length(1) : out * directions;
      if (w.dtype() == a.hx.dtype() && w.shape() == Shape{out, in} && b.dtype() == a.hx.dtype() &&
          b.shape() == Shape{out})
        continue;
      const std::string w_name = fmt::format("ws[{}][{}]", layer, i),
                        b_name = fmt::format("bs[{}][{}]", layer, i);
      Check(op, {{w_name, w}, {b_name, b}})
          .fail(fmt::format("this weight and bias must be {}({}, {}) and ({})", name(a.hx.dtype()),
                            out, in, out));
    }
  }
}

Variables dropped_out(const VariableList& xs, double ratio) {
  Variables ys;
  for (const Variable& x : xs) ys.push_back(dropout(x, ratio));
  return ys;
}

NStepLSTM n_step(std::string_view op, const Unit& unit, std::size_t weights, int directions,
                 const Arguments& a) {
  if (a.n_layers < 1)
    throw Error(fmt::format("{}: n_layers must be at least 1, but it is {}", op, a.n_layers));
  constexpr int kMostLayers = 1 << 16;
  if (a.n_layers > kMostLayers)
    throw Error(
        fmt::format("{}: n_layers must be at most {}, but it is {}", op, kMostLayers, a.n_layers));
  if (!(a.dropout_ratio >= 0 && a.dropout_ratio < 1))
    throw Error(
        fmt::format("{}: dropout_ratio must lie in [0, 1), but it is {}", op, a.dropout_ratio));
  if (a.xs.empty())
    throw Error(fmt::format("{}: xs must have at least one step, but it is empty", op));
  check_states(op, a, a.n_layers * directions);
  check_weights(op, a, directions, weights);

  const Variables hx = separate(a.hx), cx = a.cx ? separate(a.cx) : Variables(hx.size());
  Variables xs(a.xs.begin(), a.xs.end()), hy, cy;
  // One layer in one direction.
  const auto run = [&](std::size_t layer, const Variables& steps) {
    State state{hx[layer], cx[layer]};
    Variables ys = through_steps(unit(a.ws[layer], a.bs[layer]), steps, state);
    hy.push_back(state.h);
    cy.push_back(state.c);
    return ys;
  };
  for (int i = 0; i < a.n_layers; ++i) {
    const auto layer = static_cast<std::size_t>(i * directions);
    const auto input = [&] { return i == 0 ? xs : dropped_out(xs, a.dropout_ratio); };
    Variables ys = run(layer, input());
    if (directions == 2) {
      Variables steps = input();
      std::reverse(steps.begin(), steps.end());
      const Variables back = run(layer + 1, steps);
      for (std::size_t t = 0; t < ys.size(); ++t)
        ys[t] = concat({ys[t], back[ys.size() - 1 - t]}, 1);
    }
    xs = ys;
  }
  return {stack(hy), a.cx ? stack(cy) : Variable(), xs};
}

NStepLSTM n_step_of_lstm(std::string_view op, int directions, const Arguments& a) {
  Check(op, {{"hx", a.hx}, {"cx", a.cx}}).floats().same_shape();
  return n_step(op, lstm_unit, 8, directions, a);
}

NStepRNN without_cell(const NStepLSTM& result) { return {result.hy, result.ys}; }

}  // namespace

CellAndOutput lstm(const Variable& c_prev, const Variable& x) {
  Check("lstm", {{"c_prev", c_prev}, {"x", x}})
      .floats()
      .that(c_prev.ndim() >= 2 && x.ndim() >= 2 && has_gates_for(x, c_prev) &&
                x.length(0) <= c_prev.length(0),
            "x must have 4 times the columns of c_prev, and not more rows");
  const std::int64_t going = x.length(0);
  const bool ended = going < c_prev.length(0);
  const Variables rows = ended ? split_axis(c_prev, {going}, 0) : Variables{c_prev};
  const auto [a, i, f, o] = gates_of(x);
  const Variable c = tanh(a) * sigmoid(i) + sigmoid(f) * rows[0];
  const Variable h = sigmoid(o) * tanh(c);
  return {ended ? concat({c, rows[1]}, 0) : c, h};
}

CellAndOutput slstm(const Variable& c_prev1, const Variable& c_prev2, const Variable& x1,
                    const Variable& x2) {
  Check("slstm", {{"c_prev1", c_prev1}, {"c_prev2", c_prev2}, {"x1", x1}, {"x2", x2}})
      .floats()
      .that(c_prev1.ndim() >= 2 && c_prev1.shape() == c_prev2.shape() && x1.shape() == x2.shape() &&
                x1.ndim() >= 2 && has_gates_for(x1, c_prev1) && x1.length(0) == c_prev1.length(0),
            "x1 and x2 must have 4 times the columns of c_prev1 and c_prev2");
  const Gates first = gates_of(x1), second = gates_of(x2);
  const Variable c = tanh(first.a) * sigmoid(first.i) + tanh(second.a) * sigmoid(second.i) +
                     sigmoid(first.f) * c_prev1 + sigmoid(second.f) * c_prev2;
  return {c, sigmoid(first.o + second.o) * tanh(c)};
}

NStepLSTM n_step_lstm(int n_layers, double dropout_ratio, const Variable& hx, const Variable& cx,
                      const Weights& ws, const Weights& bs, const VariableList& xs) {
  return n_step_of_lstm("n_step_lstm", 1, {n_layers, dropout_ratio, hx, cx, ws, bs, xs});
}
NStepLSTM n_step_bilstm(int n_layers, double dropout_ratio, const Variable& hx, const Variable& cx,
                        const Weights& ws, const Weights& bs, const VariableList& xs) {
  return n_step_of_lstm("n_step_bilstm", 2, {n_layers, dropout_ratio, hx, cx, ws, bs, xs});
}

NStepRNN n_step_gru(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                    const Weights& bs, const VariableList& xs) {
  return without_cell(
      n_step("n_step_gru", gru_unit, 6, 1, {n_layers, dropout_ratio, hx, {}, ws, bs, xs}));
}
NStepRNN n_step_bigru(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                      const Weights& bs, const VariableList& xs) {
  return without_cell(
      n_step("n_step_bigru", gru_unit, 6, 2, {n_layers, dropout_ratio, hx, {}, ws, bs, xs}));
}

NStepRNN n_step_rnn(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                    const Weights& bs, const VariableList& xs, RnnActivation activation) {
  return without_cell(n_step("n_step_rnn", plain_unit(activation), 2, 1,
                             {n_layers, dropout_ratio, hx, {}, ws, bs, xs}));
}
NStepRNN n_step_birnn(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                      const Weights& bs, const VariableList& xs, RnnActivation activation) {
  return without_cell(n_step("n_step_birnn", plain_unit(activation), 2, 2,
                             {n_layers, dropout_ratio, hx, {}, ws, bs, xs}));
}

}  // namespace autograd::inline functions
