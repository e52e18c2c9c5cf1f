#pragma once

#include <concepts>
#include <cstdint>

#include "autograd/array/array.h"
#include "nn/link.h"

namespace nn::inline links {

struct DecorrelatedBatchNormalizationLinkOptions {
  std::int64_t groups = 16;
  double decay = 0.9;
  double eps = 2e-5;
  Dtype dtype = Dtype::float32;  // of the running averages
};

// A layer that whitens each group of size / groups channels of x (batch, size, ...): their
// covariance becomes the unit matrix (decorrelated_batch_normalization; Huang et al.,
// arXiv:1804.08450). In training it uses the mean and the projection of the batch, and updates their
// running averages avg_mean (groups, size / groups) and avg_projection (groups, size / groups, size /
// groups). If config().train is false, it uses the averages instead. With `finetune` the averages
// are plain means over all batches since start_finetuning(), whose number is N. avg_mean,
// avg_projection and N are saved with the model.
class DecorrelatedBatchNormalization : public Polymorphic<DecorrelatedBatchNormalization> {
 public:
  explicit DecorrelatedBatchNormalization(
      std::int64_t size, const DecorrelatedBatchNormalizationLinkOptions& options = {});
  template <std::integral I>
  DecorrelatedBatchNormalization(std::int64_t size, I n_groups, double decay_rate = 0.9,
                                 double epsilon = 2e-5, Dtype dtype = Dtype::float32)
      : DecorrelatedBatchNormalization(
            size, DecorrelatedBatchNormalizationLinkOptions{
                      .groups = n_groups, .decay = decay_rate, .eps = epsilon, .dtype = dtype}) {}

  Variable operator()(const Variable& x, bool finetune = false);
  void start_finetuning() { N = 0; }
  void list(Members& members) override;

  Array avg_mean, avg_projection;
  std::int64_t N = 0, groups;
  double decay, eps;

 private:
  Variable normalized(const Variable& x, bool finetune);
};

}  // namespace nn::inline links
