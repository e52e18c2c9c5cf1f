#include "nn/links/rnn/gru.h"
#include "nn/links/rnn/lstm.h"
#include "nn/links/rnn/n_step_rnn.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/table.h"

namespace golden {
namespace {

// Calls a link that keeps a state for one input after the other.
template <class L>
Variables called_for_each(L& link, const Call& c) {
  Variables ys;
  for (const Variable& x : c.inputs) ys.push_back(link(x));
  return ys;
}

bool mentions(const Call& c, const std::string& what) {
  return c.text.find(what) != std::string::npos;
}

template <class L>
L made(const Call& c) {
  Arguments arguments(c.link);
  L link(arguments.integer(0, "in_size", 0), arguments.integer(1, "out_size", 0));
  set_parameters(link, c);
  return link;
}

template <class L>
L made_of_layers(const Call& c) {
  Arguments arguments(c.link);
  L link(arguments.integer(0, "n_layers", 1), arguments.integer(1, "in_size", 0),
         arguments.integer(2, "out_size", 0), 0);
  set_parameters(link, c);
  return link;
}

Variables lstm(const Call& c) {
  auto link = made<nn::LSTM>(c);
  Variables ys = called_for_each(link, c);
  if (mentions(c, "link.c")) ys.push_back(link.c);
  if (mentions(c, "link.h")) ys.push_back(link.h);
  return ys;
}

Variables stateless_lstm(const Call& call) {
  auto link = made<nn::StatelessLSTM>(call);
  const bool first = call.inputs.size() == 1;  // there is no state
  const auto [c, h] = first ? link({}, {}, call.x(0)) : link(call.x(0), call.x(1), call.x(2));
  return {c, h};
}

Variables gru(const Call& c) {
  auto link = made<nn::GRU>(c);
  return called_for_each(link, c);
}

// The cases give no states.
template <class L>
Variables n_step_lstm(const Call& c) {
  const auto [hy, cy, out] = made_of_layers<L>(c)({}, {}, c.inputs);
  Variables ys{hy, cy};
  ys.insert(ys.end(), out.begin(), out.end());
  return ys;
}

Variables n_step_gru(const Call& c) {
  const auto [hy, out] = made_of_layers<nn::NStepGRU>(c)({}, c.inputs);
  Variables ys{hy};
  ys.insert(ys.end(), out.begin(), out.end());
  return ys;
}

}  // namespace

void add_recurrent_links(Table& t) {
  t.add("LSTM", lstm);
  t.add("StatelessLSTM", stateless_lstm);
  t.add("GRU", gru);
  t.add("StatefulGRU", gru);
  t.add("StatelessGRU", [](const Call& c) { return made<nn::StatelessGRU>(c)(c.x(0), c.x(1)); });
  t.add("NStepLSTM", n_step_lstm<nn::NStepLSTM>);
  t.add("NStepBiLSTM", n_step_lstm<nn::NStepBiLSTM>);
  t.add("NStepGRU", n_step_gru);
}

}  // namespace golden
