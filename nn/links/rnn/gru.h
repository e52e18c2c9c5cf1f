#pragma once

#include <concepts>

#include "nn/links/connection/linear.h"

namespace nn::inline links {

struct GRUOptions {
  Initializer init = {}, inner_init = {};  // of W... and of U...: LeCunNormal
  Initializer bias_init = {};              // 0
};

// What both GRU layers have: six linear layers with biases, W... on the input and U... on the last
// output, for the gates r and z and for the new output.
class GRUBase : public Link {
 public:
  GRUBase(Size in_size, std::int64_t out_size, const GRUOptions& options = {})
      : W_r(in_size, out_size, {.initialW = options.init, .initial_bias = options.bias_init}),
        U_r(out_size, out_size,
            {.initialW = options.inner_init, .initial_bias = options.bias_init}),
        W_z(in_size, out_size, {.initialW = options.init, .initial_bias = options.bias_init}),
        U_z(out_size, out_size,
            {.initialW = options.inner_init, .initial_bias = options.bias_init}),
        W(in_size, out_size, {.initialW = options.init, .initial_bias = options.bias_init}),
        U(out_size, out_size, {.initialW = options.inner_init, .initial_bias = options.bias_init}) {
  }
  template <std::convertible_to<Initializer> I>
  GRUBase(Size in_size, std::int64_t out_size, const I& init, const Initializer& inner_init = {},
          const Initializer& bias_init = {})
      : GRUBase(in_size, out_size,
                GRUOptions{.init = init, .inner_init = inner_init, .bias_init = bias_init}) {}

  void list(Members& members) override {
    members("W_r", W_r)("U_r", U_r)("W_z", W_z)("U_z", U_z)("W", W)("U", U);
  }

  Linear W_r, U_r, W_z, U_z, W, U;
};

// A layer of gated recurrent units (Cho and others 2014) that is told its state h (batch,
// out_size):
//   r = sigmoid(W_r x + U_r h),  z = sigmoid(W_z x + U_z h)
//   h' = z tanh(W x + U (r h)) + (1 - z) h
// The z of n_step_gru() is 1 - z here, as in Chainer.
class StatelessGRU : public Polymorphic<StatelessGRU, GRUBase> {
 public:
  using Polymorphic<StatelessGRU, GRUBase>::Polymorphic;

  Variable operator()(const Variable& h, const Variable& x);
};

// The same, which keeps its state from one call to the next. The first call, with no state, takes h
// for 0 and leaves the layers U... out, their biases too, as Chainer does. The state takes part in
// the graph: unchain_backward() the loss now and then.
class StatefulGRU : public Polymorphic<StatefulGRU, GRUBase> {
 public:
  using Polymorphic<StatefulGRU, GRUBase>::Polymorphic;

  Variable operator()(const Variable& x);
  // Forgets the state, before other sequences begin.
  void reset_state() { h = Variable(); }
  void set_state(const Variable& state) { h = state; }

  Variable h;  // none before the first call
  std::int64_t state_size = W.out_size;
};
using GRU = StatefulGRU;

}  // namespace nn::inline links
