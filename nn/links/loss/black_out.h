#pragma once

#include <cstdint>
#include <vector>

#include "autograd/array/walker_alias.h"
#include "autograd/graph/array_like.h"
#include "nn/link.h"

namespace nn::inline links {

// A loss for very many classes that looks at a few sampled ones (autograd::black_out; Ji et al.,
// arXiv:1511.06909): the mean over the batch, for x (batch, in_size) and classes t (batch). A class
// is sampled with a probability in proportion to its count. W (classes, in_size) starts as NaN, as in
// Chainer: give it values first.
class BlackOut : public Polymorphic<BlackOut> {
 public:
  BlackOut(std::int64_t in_size, const std::vector<double>& counts, std::int64_t sample_size);

  Variable operator()(const Variable& x, autograd::ArrayLike t);
  void list(Members& members) override { members("W", W); }

  Parameter W;
  autograd::WalkerAlias sampler;
  std::int64_t sample_size;
  Array sample_data;  // if not empty, what is taken instead of samples, (batch, sample_size)
};

}  // namespace nn::inline links
