#pragma once

#include "autograd/functions/loss/loss.h"
#include "autograd/graph/array_like.h"

namespace autograd::inline functions {

// A loss for very many classes that looks at a few sampled ones: -log p(t) - sum over k of
// log(1 - p(samples_k)), with p the softmax of W x over the class t and its own samples only. x is (N,
// features), t holds integers (N), W is (classes, features) and `samples` holds integers (N, S).
// Reduce: mean (over N), no. S. Ji and others, arXiv:1511.06909.
Variable black_out(const Variable& x, ArrayLike t, const Variable& W, ArrayLike samples,
                   Reduce reduce = Reduce::mean);

}  // namespace autograd::inline functions
