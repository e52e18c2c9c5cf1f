#pragma once

#include <concepts>

#include "autograd/functions/rnn/rnn.h"
#include "nn/links/connection/linear.h"

namespace nn::inline links {

struct LSTMOptions {
  // Each initialises the weights of one kind of gate at a time, (out_size, in_size or out_size).
  Initializer lateral_init = {}, upward_init = {};    // LeCunNormal
  Initializer bias_init = {}, forget_bias_init = {};  // 0 and 1, (out_size)
};

// The common part of both LSTM layers: `upward` computes the gates from an input, `lateral` from
// the last output. The gates are in the order that autograd::lstm() takes.
class LSTMBase : public Link {
 public:
  LSTMBase(Size in_size, std::int64_t out_size, const LSTMOptions& options = {});
  explicit LSTMBase(std::int64_t out_size, const LSTMOptions& options = {})
      : LSTMBase(None, out_size, options) {}
  template <std::convertible_to<Initializer> I>
  LSTMBase(Size in_size, std::int64_t out_size, const I& for_lateral,
           const Initializer& for_upward = {}, const Initializer& for_bias = {},
           const Initializer& for_forget_bias = {})
      : LSTMBase(in_size, out_size,
                 LSTMOptions{.lateral_init = for_lateral,
                             .upward_init = for_upward,
                             .bias_init = for_bias,
                             .forget_bias_init = for_forget_bias}) {}

  void list(Members& members) override { members("upward", upward)("lateral", lateral); }

  Linear upward, lateral;
  std::int64_t state_size;
  Initializer lateral_init, upward_init, bias_init, forget_bias_init;

 protected:
  // The gates: upward(x) and, unless h is null, plus lateral(h).
  Variable gates(const Variable& x, const Variable& h);
  Variable zeros(const Variable& x) const;

 private:
  void initialize(std::int64_t in_size);
};

// A layer of long short-term memory that takes its state as arguments:
//   auto [c, h] = link(c_prev, h_prev, x);
// A null c_prev or h_prev counts as 0.
class StatelessLSTM : public Polymorphic<StatelessLSTM, LSTMBase> {
 public:
  using Polymorphic<StatelessLSTM, LSTMBase>::Polymorphic;

  autograd::CellAndOutput operator()(const Variable& c, const Variable& h, const Variable& x);
};

// A layer of long short-term memory that keeps its state between calls. Each call takes one step of
// a batch of sequences, x (batch, in_size...), and returns (batch, out_size). Sequences that have
// ended may be omitted if they are the last rows; their last states are kept. The state is part of
// the graph: call unchain_backward() of the loss from time to time.
class LSTM : public Polymorphic<LSTM, LSTMBase> {
 public:
  using Polymorphic<LSTM, LSTMBase>::Polymorphic;

  Variable operator()(const Variable& x);
  // Clears the state, before new sequences begin.
  void reset_state() { c = h = Variable(); }
  void set_state(const Variable& cell, const Variable& output) {
    c = cell;
    h = output;
  }

  Variable c, h;  // the cell and the last output; none before the first call

 private:
  Variable step(const Variable& x);
};

}  // namespace nn::inline links
