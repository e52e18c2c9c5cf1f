#pragma once

#include <concepts>
#include <cstdint>
#include <vector>

#include "autograd/array/walker_alias.h"
#include "autograd/functions/loss/negative_sampling.h"
#include "nn/link.h"

namespace nn::inline links {

struct NegativeSamplingOptions {
  double power = 0.75;
  Dtype dtype = autograd::config().dtype;  // in which the powers are computed
};

// A loss for very many classes that pushes a row of W up and a few sampled ones down
// (autograd::negative_sampling; Mikolov et al., arXiv:1310.4546), for x (batch, in_size) and classes
// t (batch), of which -1 does not count. A class is sampled with a probability in proportion to its
// count to the `power`. W (classes, in_size) starts at 0. Reduce: sum, no.
class NegativeSampling : public Polymorphic<NegativeSampling> {
 public:
  NegativeSampling(std::int64_t in_size, const std::vector<double>& counts,
                   std::int64_t sample_size, const NegativeSamplingOptions& options = {});
  template <std::floating_point T>
  NegativeSampling(std::int64_t in_size, const std::vector<double>& counts, std::int64_t samples,
                   T power)
      : NegativeSampling(in_size, counts, samples, NegativeSamplingOptions{.power = power}) {}

  Variable operator()(const Variable& x, autograd::ArrayLike t,
                      autograd::Reduce reduce = autograd::Reduce::sum);
  // The same, and the samples with t in the first column. Chainer's return_samples.
  autograd::NegativeSampling with_samples(const Variable& x, autograd::ArrayLike t,
                                          autograd::Reduce reduce = autograd::Reduce::sum);
  void list(Members& members) override { members("W", W); }

  Parameter W;
  autograd::WalkerAlias sampler;
  std::int64_t sample_size;
};

}  // namespace nn::inline links
