#pragma once

#include <cstdint>

#include "autograd/functions/loss/crf1d.h"
#include "nn/initializers/initializer.h"
#include "nn/link.h"

namespace nn::inline links {

// A linear-chain conditional random field: autograd::crf1d with `cost` (n_label, n_label), which is
// initialised by `initial_cost`, by default 0.
class CRF1d : public Polymorphic<CRF1d> {
 public:
  explicit CRF1d(std::int64_t n_label, const Initializer& initial_cost = {});

  // The loss -log p(ys | xs). xs and ys hold the steps of all sequences, as autograd::crf1d() takes
  // them, or with `transpose` the sequences, (length, n_label) and (length), in any order. As in
  // Chainer, losses that are not reduced are in the order of falling lengths.
  Variable operator()(const autograd::VariableList& xs, const autograd::VariableList& ys,
                      autograd::Reduce reduce = autograd::Reduce::mean, bool transpose = false);
  // The labels with the greatest score, int32: path[t] of step t, or with `transpose` path[i] of
  // sequence i. As in Chainer, the scores are in the order of falling lengths.
  autograd::CrfPath argmax(const autograd::VariableList& xs, bool transpose = false);
  void list(Members& members) override { members("cost", cost); }

  Parameter cost;
};

}  // namespace nn::inline links
