#pragma once

#include <concepts>

#include "nn/links/connection/linear.h"

namespace nn::inline links {

struct StatefulZoneoutLSTMOptions {
  double c_ratio = 0.5, h_ratio = 0.5;
};

// A layer of long short-term memory with zoneout (Krueger et al., arXiv:1606.01305), which keeps its
// state between calls. Each call takes one step of a batch of sequences, x (batch, in_size), and
// returns h (batch, out_size):
//   a, i, f, o = upward(x) + lateral(h)         of unit j the columns 4 j, ..., 4 j + 3
//   new = tanh(a) sigmoid(i) + sigmoid(f) c
//   c' = zoneout(c, new, c_ratio),  h' = zoneout(h, sigmoid(o) tanh(new), h_ratio)
// In training each element of c and h keeps its old value with probability c_ratio and h_ratio; the
// mask of c is drawn first. Only `upward` has a bias, which starts at 0. Without a state c and h are
// 0. The state is part of the graph: call unchain_backward() of the loss from time to time.
class StatefulZoneoutLSTM : public Polymorphic<StatefulZoneoutLSTM> {
 public:
  StatefulZoneoutLSTM(Size in_size, std::int64_t out_size,
                      const StatefulZoneoutLSTMOptions& options = {});
  template <std::floating_point T>
  StatefulZoneoutLSTM(Size in_size, std::int64_t out_size, T of_c, double of_h = 0.5)
      : StatefulZoneoutLSTM(in_size, out_size,
                            StatefulZoneoutLSTMOptions{.c_ratio = of_c, .h_ratio = of_h}) {}

  Variable operator()(const Variable& x);
  // Clears the state, before new sequences begin.
  void reset_state() { c = h = Variable(); }
  void set_state(const Variable& cell, const Variable& output) {
    c = cell;
    h = output;
  }
  void list(Members& members) override { members("upward", upward)("lateral", lateral); }

  std::int64_t state_size;
  double c_ratio, h_ratio;
  Linear upward, lateral;
  Variable c, h;  // the cell and the last output; none before the first call
};

}  // namespace nn::inline links
