#pragma once

#include <cstdint>

#include "autograd/functions/loss/loss.h"
#include "autograd/graph/array_like.h"

namespace autograd::inline functions {

struct CtcOptions {
  ArrayField input_length = {};  // (N): how many steps each sequence has; unless given, all
  ArrayField label_length = {};  // (N): how many labels
  Reduce reduce = Reduce::mean;
};

// Connectionist temporal classification: -log p(t | x) for labels whose times are not known. x has
// the scores of each step, (N, K) for K symbols; their softmax are probabilities. A sequence of one
// symbol a step stands for the labels that are left when repetitions are merged and then blanks are
// left out; p(t | x) is the sum over all sequences that stand for t (N, labels), integers in [0, K).
// Steps and labels beyond the given lengths do not count. Labels that no sequence stands for (too
// many for the steps) cost about 1e10. The mean is over the batch. Composed of differentiable
// functions, so derivatives of any order work. Errors: no steps; lengths that the steps or labels do
// not have; less than one step. Reduce: mean, no. A. Graves and others, "Connectionist temporal
// classification: labelling unsegmented sequence data with recurrent neural networks", 2006.
Variable connectionist_temporal_classification(const VariableList& x, ArrayLike t,
                                               std::int64_t blank_symbol,
                                               const CtcOptions& options = {});
// By position, as Chainer.
inline Variable connectionist_temporal_classification(const VariableList& x, ArrayLike t,
                                                      std::int64_t blank_symbol,
                                                      const ArrayField& input_length,
                                                      const ArrayField& label_length = {},
                                                      Reduce reduce = Reduce::mean) {
  return connectionist_temporal_classification(
      x, t, blank_symbol,
      {.input_length = input_length, .label_length = label_length, .reduce = reduce});
}

}  // namespace autograd::inline functions
