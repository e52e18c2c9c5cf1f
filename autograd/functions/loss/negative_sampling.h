#pragma once

#include <cstdint>
#include <functional>

#include "autograd/functions/loss/loss.h"
#include "autograd/graph/array_like.h"

namespace autograd::inline functions {

// Draws classes: integers of a shape, in an array of its own. WalkerAlias::sample does.
using Sampler = std::function<Array(const Shape&)>;

// A loss for very many classes that pushes a row of W up and a few sampled ones down:
//   log(1 + e^(-W[t] x)) + sum over the samples k of log(1 + e^(W[k] x))
// x is (N, features), t holds integers (N), W is (classes, features). Rows whose t is -1 do not
// count. The sampler is called once, with the shape (N, sample_size + 1), and its first column is
// overwritten with t. Reduce: sum, no. T. Mikolov and others, arXiv:1310.4546.
Variable negative_sampling(const Variable& x, ArrayLike t, const Variable& W,
                           const Sampler& sampler, std::int64_t sample_size,
                           Reduce reduce = Reduce::sum);

// The same, and the samples with t in the first column. Chainer's return_samples.
struct NegativeSampling {
  Variable loss;
  Array samples;
};
NegativeSampling negative_sampling_with_samples(const Variable& x, ArrayLike t, const Variable& W,
                                                const Sampler& sampler, std::int64_t sample_size,
                                                Reduce reduce = Reduce::sum);

}  // namespace autograd::inline functions
