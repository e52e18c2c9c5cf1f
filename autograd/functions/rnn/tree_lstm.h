#pragma once

#include "autograd/functions/rnn/rnn.h"

namespace autograd::inline functions {

// One step of an LSTM at a node of a tree, with the states c_1, ..., c_n of its n >= 1 children (B,
// units, ...) and x (B, (3 + n) units, ...), which holds a, i, o, f_1, ..., f_n one after the other
// along axis 1 (unlike in lstm(), where they are interleaved):
//   c = tanh(a) sigmoid(i) + sigmoid(f_1) c_1 + ... + sigmoid(f_n) c_n,  h = sigmoid(o) tanh(c)
//   auto [c, h] = tree_lstm(c1, c2, x);
// Composed of differentiable functions, so derivatives of any order work. K. S. Tai, R. Socher and
// C. D. Manning, arXiv:1503.00075.
CellAndOutput tree_lstm(const VariableList& cs_and_x);
template <class... X>
CellAndOutput tree_lstm(const Variable& c, const Variable& next, const X&... others) {
  return tree_lstm({c, next, others...});
}

}  // namespace autograd::inline functions
