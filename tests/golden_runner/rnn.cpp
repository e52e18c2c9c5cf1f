#include "autograd/functions/rnn/rnn.h"

#include "autograd/functions/rnn/tree_lstm.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace F = autograd;
namespace {

// The arguments of n_step_... by their names: hx, cx, w_1_0, b_1_0, x0.
struct Sequences {
  Variable hx, cx;
  F::Weights ws, bs;
  Variables xs;
};

Sequences sequences(const Call& c) {
  Sequences s;
  for (std::size_t i = 0; i < c.count(); ++i) {
    const std::string& name = c.names[i];
    if (name == "hx") {
      s.hx = c.x(i);
    } else if (name == "cx") {
      s.cx = c.x(i);
    } else if (name[0] == 'x') {
      s.xs.push_back(c.x(i));
    } else {
      const auto layer = static_cast<std::size_t>(name[2] - '0');
      F::Weights& list = name[0] == 'w' ? s.ws : s.bs;
      if (list.size() <= layer) list.resize(layer + 1);
      list[layer].push_back(c.x(i));
    }
  }
  return s;
}

Variables all(const F::NStepLSTM& result) {
  Variables ys{result.hy, result.cy};
  ys.insert(ys.end(), result.ys.begin(), result.ys.end());
  return ys;
}
Variables all(const F::NStepRNN& result) {
  Variables ys{result.hy};
  ys.insert(ys.end(), result.ys.begin(), result.ys.end());
  return ys;
}

int layers(const Call& c) { return c.kwargs.integer("n_layers", 1); }
double dropout(const Call& c) { return c.kwargs.number("dropout_ratio", 0); }

}  // namespace

void add_rnn(Table& t) {
  t.add("lstm", [](const Call& call) -> Variables {
    const auto [c, h] = F::lstm(call.x(0), call.x(1));
    return {c, h};
  });
  t.add("tree_lstm", [](const Call& call) -> Variables {
    const auto [c, h] = F::tree_lstm(call.xs());
    return {c, h};
  });
  t.add("slstm", [](const Call& call) -> Variables {
    const auto [c, h] = F::slstm(call.x(0), call.x(1), call.x(2), call.x(3));
    return {c, h};
  });
  for (const auto& [name, f] :
       {std::pair{"n_step_lstm", &F::n_step_lstm}, std::pair{"n_step_bilstm", &F::n_step_bilstm}})
    t.add(name, [f = f](const Call& c) {
      const Sequences s = sequences(c);
      return all(f(layers(c), dropout(c), s.hx, s.cx, s.ws, s.bs, s.xs));
    });
  for (const auto& [name, f] :
       {std::pair{"n_step_gru", &F::n_step_gru}, std::pair{"n_step_bigru", &F::n_step_bigru}})
    t.add(name, [f = f](const Call& c) {
      const Sequences s = sequences(c);
      return all(f(layers(c), dropout(c), s.hx, s.ws, s.bs, s.xs));
    });
  for (const auto& [name, f] :
       {std::pair{"n_step_rnn", &F::n_step_rnn}, std::pair{"n_step_birnn", &F::n_step_birnn}})
    t.add(name, [f = f](const Call& c) {
      const Sequences s = sequences(c);
      const std::string activation = c.kwargs.text("activation", "tanh");
      if (activation != "tanh" && activation != "relu")
        throw NotBuilt{c.function + " with activation=" + activation};
      return all(f(layers(c), dropout(c), s.hx, s.ws, s.bs, s.xs,
                   activation == "relu" ? F::RnnActivation::relu : F::RnnActivation::tanh));
    });
}

}  // namespace golden
