#pragma once

#include "nn/links/connection/linear.h"

namespace nn::inline links {

// The common part of both MGU layers: two linear layers of the last output and the input.
class MGUBase : public Link {
 public:
  MGUBase(std::int64_t in_size, std::int64_t out_size);

  void list(Members& members) override { members("W_f", W_f)("W_h", W_h); }

  Linear W_f, W_h;

 protected:
  Variable next(const Variable& h, const Variable& x);
};

// A layer of minimal gated units (Zhou et al., arXiv:1603.09420) that takes its state h (batch,
// out_size) as an argument:
//   f = sigmoid(W_f [h, x]),  h' = f tanh(W_h [f h, x]) + (1 - f) h
class StatelessMGU : public Polymorphic<StatelessMGU, MGUBase> {
 public:
  using Polymorphic<StatelessMGU, MGUBase>::Polymorphic;

  Variable operator()(const Variable& h, const Variable& x);
};

// An MGU layer that keeps its state between calls, at first zeros of config().dtype. The state is
// part of the graph: call unchain_backward() of the loss from time to time.
class StatefulMGU : public Polymorphic<StatefulMGU, MGUBase> {
 public:
  using Polymorphic<StatefulMGU, MGUBase>::Polymorphic;

  Variable operator()(const Variable& x);
  // Clears the state, before new sequences begin.
  void reset_state() { h = Variable(); }
  void set_state(const Variable& state) { h = state; }

  Variable h;  // none before the first call
};

}  // namespace nn::inline links
