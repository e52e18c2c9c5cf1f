#pragma once

#include "nn/links/connection/linear.h"

namespace nn::inline links {

// A layer of long short-term memory whose gates see the cell (Gers, Schraudolph and Schmidhuber
// 2002), and which keeps its state between calls. Each call takes one step of a batch of sequences,
// x (batch, in_size), and returns h (batch, out_size):
//   a, i, f, o = upward(x) + lateral(h)         of unit j the columns 4 j, ..., 4 j + 3
//   c' = tanh(a) sigmoid(i + peep_i(c)) + sigmoid(f + peep_f(c)) c
//   h' = sigmoid(o + peep_o(c')) tanh(c')
// Only `upward` has a bias, which starts at 0. Without a state c is 0 and `lateral` is left out. The
// state is part of the graph: call unchain_backward() of the loss from time to time.
class StatefulPeepholeLSTM : public Polymorphic<StatefulPeepholeLSTM> {
 public:
  StatefulPeepholeLSTM(Size in_size, std::int64_t out_size);

  Variable operator()(const Variable& x);
  // Clears the state, before new sequences begin.
  void reset_state() { c = h = Variable(); }
  void list(Members& members) override {
    members("upward", upward)("lateral", lateral)("peep_i", peep_i)("peep_f", peep_f);
    members("peep_o", peep_o);
  }

  std::int64_t state_size;
  Linear upward, lateral, peep_i, peep_f, peep_o;
  Variable c, h;  // the cell and the last output; none before the first call
};

}  // namespace nn::inline links
