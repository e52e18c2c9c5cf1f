#pragma once

#include <concepts>

#include "nn/links/connection/linear.h"

namespace nn::inline links {

struct GRUOptions {
  Initializer init = {}, inner_init = {};  // of W... and of U...: LeCunNormal
  Initializer bias_init = {};              // 0
};

// The common part of both GRU layers: six linear layers with biases, W... for the input and U...
// for the last output, for the gates r and z and for the new output.
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

// A layer of gated recurrent units (Cho and others 2014) that takes its state h (batch, out_size)
// as an argument:
//   r = sigmoid(W_r x + U_r h),  z = sigmoid(W_z x + U_z h)
//   h' = z tanh(W x + U (r h)) + (1 - z) h
// The z of n_step_gru() is 1 - z here, as in Chainer.
class StatelessGRU : public Polymorphic<StatelessGRU, GRUBase> {
 public:
  using Polymorphic<StatelessGRU, GRUBase>::Polymorphic;

  Variable operator()(const Variable& h, const Variable& x);
};

// A GRU layer that keeps its state between calls. The first call, without a state, omits the layers
// U... including their biases, as Chainer does. The state is part of the graph: call
// unchain_backward() of the loss from time to time.
class StatefulGRU : public Polymorphic<StatefulGRU, GRUBase> {
 public:
  using Polymorphic<StatefulGRU, GRUBase>::Polymorphic;

  Variable operator()(const Variable& x);
  // Clears the state, before new sequences begin.
  void reset_state() { h = Variable(); }
  void set_state(const Variable& state) { h = state; }

  Variable h;  // none before the first call
  std::int64_t state_size = W.out_size;
};
using GRU = StatefulGRU;

}  // namespace nn::inline links
