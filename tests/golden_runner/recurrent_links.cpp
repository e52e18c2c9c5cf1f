#include "nn/links/rnn/gru.h"
#include "nn/links/rnn/lstm.h"
#include "nn/links/rnn/mgu.h"
#include "nn/links/rnn/n_step_rnn.h"
#include "nn/links/rnn/peephole.h"
#include "nn/links/rnn/tree_lstm.h"
#include "nn/links/rnn/zoneout_lstm.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

namespace golden {
namespace {

template <class F>
std::function<Thing(Given&)> without_value(F f) {
  return [f](Given& g) {
    f(g);
    return Thing();
  };
}

// A link that keeps its state: called with x, with the state's members and methods that it has.
template <class L>
Scripted use_stateful(L& l) {
  Scripted s{.call = [&l](Given& g) { return Thing(l(g.x(0, "x"))); }};
  s.methods["reset_state"] = without_value([&l](Given&) { l.reset_state(); });
  s.members["h"] = [&l] { return l.h; };
  if constexpr (requires { l.c; }) {
    s.members["c"] = [&l] { return l.c; };
    if constexpr (requires { l.set_state(l.c, l.h); })
      s.methods["set_state"] =
          without_value([&l](Given& g) { l.set_state(g.x(0, "c"), g.x(1, "h")); });
  } else {
    s.methods["set_state"] = without_value([&l](Given& g) { l.set_state(g.x(0, "h")); });
  }
  return s;
}

// Sizes: (in_size, out_size), or out_size alone.
struct Sizes {
  nn::Size in = nn::None;
  std::int64_t out = 0;
};
Sizes sizes(Arguments& a) {
  const Value in = a.literal(0, "in_size"), out = a.literal(1, "out_size");
  if (out.is(Value::Kind::null)) return {nn::None, in.integer()};
  return {size_of(in), out.integer()};
}

nn::LSTMOptions lstm_options(Arguments& a) {
  return {.lateral_init = initializer_of(a.find(2, "lateral_init")),
          .upward_init = initializer_of(a.find(3, "upward_init")),
          .bias_init = initializer_of(a.find(4, "bias_init")),
          .forget_bias_init = initializer_of(a.find(5, "forget_bias_init"))};
}
nn::GRUOptions gru_options(Arguments& a) {
  return {.init = initializer_of(a.find(2, "init")),
          .inner_init = initializer_of(a.find(3, "inner_init")),
          .bias_init = initializer_of(a.find(4, "bias_init"))};
}

// The cases write whether there are states.
template <class L>
void add_n_step(Makers& m, const std::string& name) {
  m[name] = [](Arguments& a) {
    const nn::NStepRNNOptions o{.initialW = initializer_of(a.find(4, "initialW")),
                                .initial_bias = initializer_of(a.find(5, "initial_bias"))};
    L link(a.integer(0, "n_layers", 1), a.integer(1, "in_size", 0), a.integer(2, "out_size", 0),
           a.number(3, "dropout", 0), o);
    return made(std::move(link), [](L& l) {
      return Scripted{.call = [&l](Given& g) {
        if constexpr (L::n_cells == 2) {
          const auto [h, c, ys] = l(g.x(0, "hx"), g.x(1, "cx"), g.xs(2, "xs"));
          return Thing({Thing(h), Thing(c), Thing::of(ys)});
        } else {
          const auto [h, ys] = l(g.x(0, "hx"), g.xs(1, "xs"));
          return Thing({Thing(h), Thing::of(ys)});
        }
      }};
    });
  };
}

template <class L>
Scripted use_stateless(L& l) {
  return {.call = [&l](Given& g) { return Thing(l(g.x(0, "h"), g.x(1, "x"))); }};
}

template <class L>
Scripted use_tree(L& l) {
  return {.call = [&l](Given& g) {
    const auto [c, h] = l(g.all());
    return Thing::of({c, h});
  }};
}

}  // namespace

void add_recurrent_links(Makers& m) {
  m["LSTM"] = [](Arguments& a) {
    const Sizes s = sizes(a);
    return made(nn::LSTM(s.in, s.out, lstm_options(a)), use_stateful<nn::LSTM>);
  };
  m["StatelessLSTM"] = [](Arguments& a) {
    const Sizes s = sizes(a);
    return made(nn::StatelessLSTM(s.in, s.out, lstm_options(a)), [](nn::StatelessLSTM& l) {
      return Scripted{.call = [&l](Given& g) {
        const auto [c, h] = l(g.x(0, "c"), g.x(1, "h"), g.x(2, "x"));
        return Thing::of({c, h});
      }};
    });
  };
  for (const char* name : {"GRU", "StatefulGRU"})
    m[name] = [](Arguments& a) {
      const Sizes s = sizes(a);
      return made(nn::StatefulGRU(s.in, s.out, gru_options(a)), use_stateful<nn::StatefulGRU>);
    };
  m["StatelessGRU"] = [](Arguments& a) {
    const Sizes s = sizes(a);
    return made(nn::StatelessGRU(s.in, s.out, gru_options(a)), use_stateless<nn::StatelessGRU>);
  };
  m["StatefulMGU"] = [](Arguments& a) {
    return made(nn::StatefulMGU(a.integer(0, "in_size", 0), a.integer(1, "out_size", 0)),
                use_stateful<nn::StatefulMGU>);
  };
  m["StatelessMGU"] = [](Arguments& a) {
    return made(nn::StatelessMGU(a.integer(0, "n_inputs", 0), a.integer(1, "n_units", 0)),
                use_stateless<nn::StatelessMGU>);
  };
  m["StatefulPeepholeLSTM"] = [](Arguments& a) {
    const Sizes s = sizes(a);
    return made(nn::StatefulPeepholeLSTM(s.in, s.out), use_stateful<nn::StatefulPeepholeLSTM>);
  };
  m["StatefulZoneoutLSTM"] = [](Arguments& a) {
    const Sizes s = sizes(a);
    return made(nn::StatefulZoneoutLSTM(s.in, s.out,
                                        {.c_ratio = a.number(2, "c_ratio", 0.5),
                                         .h_ratio = a.number(3, "h_ratio", 0.5)}),
                use_stateful<nn::StatefulZoneoutLSTM>);
  };
  m["ChildSumTreeLSTM"] = [](Arguments& a) {
    return made(nn::ChildSumTreeLSTM(size_of(a.literal(0, "in_size")), a.integer(1, "out_size", 0)),
                use_tree<nn::ChildSumTreeLSTM>);
  };
  m["NaryTreeLSTM"] = [](Arguments& a) {
    return made(nn::NaryTreeLSTM(size_of(a.literal(0, "in_size")), a.integer(1, "out_size", 0),
                                 a.integer(2, "n_ary", 2)),
                use_tree<nn::NaryTreeLSTM>);
  };
  add_n_step<nn::NStepLSTM>(m, "NStepLSTM");
  add_n_step<nn::NStepBiLSTM>(m, "NStepBiLSTM");
  add_n_step<nn::NStepGRU>(m, "NStepGRU");
  add_n_step<nn::NStepBiGRU>(m, "NStepBiGRU");
  add_n_step<nn::NStepRNNTanh>(m, "NStepRNNTanh");
  add_n_step<nn::NStepRNNReLU>(m, "NStepRNNReLU");
  add_n_step<nn::NStepBiRNNTanh>(m, "NStepBiRNNTanh");
  add_n_step<nn::NStepBiRNNReLU>(m, "NStepBiRNNReLU");
}

}  // namespace golden
