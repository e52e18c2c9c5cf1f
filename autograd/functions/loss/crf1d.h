#pragma once

#include "autograd/functions/loss/loss.h"
#include "autograd/graph/function_node.h"

// Linear-chain conditional random fields, on float32 and float64; Chainer's functions/loss.
// J. Lafferty, A. McCallum and F. Pereira, "Conditional random fields: probabilistic models for
// segmenting and labeling sequence data", 2001.
//
// A sequence of labels y_0, ..., y_n has the score
//   x_0[y_0] + ... + x_n[y_n] + cost[y_0, y_1] + ... + cost[y_(n-1), y_n]
// and a probability in proportion to e^score. `cost` is (K, K) for K labels. xs holds the steps of
// all sequences: xs[t] (B_t, K) has a row for each sequence that has a step t, the longest sequence
// first, so that B_t never increases (transpose_sequence makes such a list). Errors: no steps, no
// labels, steps that increase.
namespace autograd::inline functions {

// -log p(ys | xs), with integer labels ys[t] (B_t). The mean divides the sum by the number of
// sequences, B_0, not by that of steps. Reduce: mean, no (one loss for each sequence).
Variable crf1d(const Variable& cost, const VariableList& xs, const VariableList& ys,
               Reduce reduce = Reduce::mean);

// The labels with the greatest score, and this score of each sequence, (B_0): path[t] is int32
// (B_t). Of labels with one score the first is taken.
struct CrfPath {
  Variable score;
  Arrays path;
};
CrfPath argmax_crf1d(const Variable& cost, const VariableList& xs);

}  // namespace autograd::inline functions
