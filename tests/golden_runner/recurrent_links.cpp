#include "nn/links/rnn/gru.h"
#include "nn/links/rnn/lstm.h"
#include "nn/links/rnn/n_step_rnn.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/script.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace {

template <class L>
L made(const Call& c) {
  Arguments& arguments = c.made();
  L link(arguments.integer(0, "in_size", 0), arguments.integer(1, "out_size", 0));
  set_parameters(link, c);
  return link;
}

template <class L>
L made_of_layers(const Call& c) {
  Arguments& arguments = c.made();
  L link(arguments.integer(0, "n_layers", 1), arguments.integer(1, "in_size", 0),
         arguments.integer(2, "out_size", 0), arguments.number(3, "dropout", 0));
  set_parameters(link, c);
  return link;
}

template <class F>
std::function<Thing(Given&)> without_value(F f) {
  return [f](Given& g) {
    f(g);
    return Thing();
  };
}

Variables lstm(const Call& c) {
  auto link = made<nn::LSTM>(c);
  return run_script(
      c, {.call = [&](Given& g) { return Thing(link(g.x(0, "x"))); },
          .methods = {{"set_state",
                       without_value([&](Given& g) { link.set_state(g.x(0, "c"), g.x(1, "h")); })},
                      {"reset_state", without_value([&](Given&) { link.reset_state(); })}},
          .members = {{"c", [&] { return link.c; }}, {"h", [&] { return link.h; }}}});
}

Variables stateless_lstm(const Call& call) {
  auto link = made<nn::StatelessLSTM>(call);
  return run_script(call, {.call = [&](Given& g) {
                      const auto [c, h] = link(g.x(0, "c"), g.x(1, "h"), g.x(2, "x"));
                      return Thing::of({c, h});
                    }});
}

Variables gru(const Call& c) {
  auto link = made<nn::GRU>(c);
  return run_script(
      c, {.call = [&](Given& g) { return Thing(link(g.x(0, "x"))); },
          .methods = {{"set_state", without_value([&](Given& g) { link.set_state(g.x(0, "h")); })},
                      {"reset_state", without_value([&](Given&) { link.reset_state(); })}}});
}

// The cases write whether there are states.
template <class L>
Variables n_step_lstm(const Call& call) {
  auto link = made_of_layers<L>(call);
  return run_script(call, {.call = [&](Given& g) {
                      const auto [h, c, ys] = link(g.x(0, "hx"), g.x(1, "cx"), g.xs(2, "xs"));
                      return Thing({Thing(h), Thing(c), Thing::of(ys)});
                    }});
}

template <class L>
Variables n_step_rnn(const Call& call) {
  auto link = made_of_layers<L>(call);
  return run_script(call, {.call = [&](Given& g) {
                      const auto [h, ys] = link(g.x(0, "hx"), g.xs(1, "xs"));
                      return Thing({Thing(h), Thing::of(ys)});
                    }});
}

}  // namespace

void add_recurrent_links(Table& t) {
  t.add("LSTM", lstm);
  t.add("StatelessLSTM", stateless_lstm);
  t.add("GRU", gru);
  t.add("StatefulGRU", gru);
  t.add("StatelessGRU", [](const Call& c) {
    auto link = made<nn::StatelessGRU>(c);
    return run_script(c, {.call = [&](Given& g) { return Thing(link(g.x(0, "h"), g.x(1, "x"))); }});
  });
  t.add("NStepLSTM", n_step_lstm<nn::NStepLSTM>);
  t.add("NStepBiLSTM", n_step_lstm<nn::NStepBiLSTM>);
  t.add("NStepGRU", n_step_rnn<nn::NStepGRU>);
  t.add("NStepBiGRU", n_step_rnn<nn::NStepBiGRU>);
  t.add("NStepRNNTanh", n_step_rnn<nn::NStepRNNTanh>);
  t.add("NStepRNNReLU", n_step_rnn<nn::NStepRNNReLU>);
  t.add("NStepBiRNNTanh", n_step_rnn<nn::NStepBiRNNTanh>);
  t.add("NStepBiRNNReLU", n_step_rnn<nn::NStepBiRNNReLU>);
}

}  // namespace golden
