#pragma once

#include <vector>

#include "autograd/graph/function_node.h"

// Recurrent layers, on float32 and float64; Chainer's functions/rnn. Composed of differentiable
// functions, so derivatives of any order work.
namespace autograd::inline functions {

struct CellAndOutput {
  Variable c, h;
};

// One step of long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates):
//   c = f c_prev + i tanh(a),  h = o tanh(c),  with i, f, o through sigmoid
// for c_prev (B, n, ...) and x (B', 4 n, ...), B' <= B, in which a, i, f and o of unit j are the
// columns 4 j, 4 j + 1, 4 j + 2 and 4 j + 3. c has the shape of c_prev, h is (B', n, ...). The rows
// of c_prev beyond the first B' belong to sequences that have ended and are copied to c.
//   auto [c, h] = lstm(c_prev, upward(x) + lateral(h_prev));
CellAndOutput lstm(const Variable& c_prev, const Variable& x);

// One step of an S-LSTM, which joins two sequences of a tree (Zhu, Sobhani and Guo 2015):
//   c = i1 tanh(a1) + i2 tanh(a2) + f1 c_prev1 + f2 c_prev2,  h = sigmoid(o1 + o2) tanh(c)
// for c_prev1 and c_prev2 (B, n, ...), and x1 and x2 (B, 4 n, ...) with gates laid out as in
// lstm().
CellAndOutput slstm(const Variable& c_prev1, const Variable& c_prev2, const Variable& x1,
                    const Variable& x2);

// Runs whole sequences through layers of recurrent units. xs holds the steps of all sequences:
// xs[t] (B_t, in) has a row for each sequence that has a step t, the longest sequence first, so
// that B_t never increases (transpose_sequence makes such a list). Layers are numbered layer *
// directions + direction. A bi-directional layer has a second direction, which goes through the
// steps backwards; it concatenates the outputs of both directions, forward first, (B_t, 2 out).
//   hx (layers, B_0, out)  the state in which each layer begins; cx likewise
//   ws[l], bs[l]           its weights (out, in or out) and biases (out): those that act on x,
//                          then as many that act on h
//   hy, cy                 the states after the last step of each sequence
//   ys                     the outputs of the last layer, one for each step
// Between layers, dropout with `dropout_ratio` is applied in training mode.
using Weights = std::vector<Variables>;

struct NStepLSTM {
  Variable hy, cy;
  Variables ys;
};
// The weights of a layer: of i, f, a and o on x, then of i, f, a and o on h.
NStepLSTM n_step_lstm(int n_layers, double dropout_ratio, const Variable& hx, const Variable& cx,
                      const Weights& ws, const Weights& bs, const VariableList& xs);
NStepLSTM n_step_bilstm(int n_layers, double dropout_ratio, const Variable& hx, const Variable& cx,
                        const Weights& ws, const Weights& bs, const VariableList& xs);

struct NStepRNN {
  Variable hy;
  Variables ys;
};
// Gated recurrent units (Cho and others 2014), h' = (1 - z) tanh(W x + r U h) + z h, with r and z
// through sigmoid. The weights of a layer: of r, z and W on x, then of r, z and U on h.
NStepRNN n_step_gru(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                    const Weights& bs, const VariableList& xs);
NStepRNN n_step_bigru(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                      const Weights& bs, const VariableList& xs);

enum class RnnActivation { tanh, relu };
// Plain units, h' = activation(W x + U h). The weights of a layer: W, U.
NStepRNN n_step_rnn(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                    const Weights& bs, const VariableList& xs,
                    RnnActivation activation = RnnActivation::tanh);
NStepRNN n_step_birnn(int n_layers, double dropout_ratio, const Variable& hx, const Weights& ws,
                      const Weights& bs, const VariableList& xs,
                      RnnActivation activation = RnnActivation::tanh);

}  // namespace autograd::inline functions
