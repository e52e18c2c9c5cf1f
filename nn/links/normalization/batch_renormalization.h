#pragma once

#include <concepts>

#include "nn/links/normalization/batch_normalization.h"

namespace nn::inline links {

struct BatchRenormalizationLinkOptions {
  double rmax = 1, dmax = 0;
  double decay = 0.9;
  double eps = 2e-5;
  Dtype dtype = autograd::config().dtype;
  bool use_gamma = true, use_beta = true;
  Initializer initial_gamma = {}, initial_beta = {};
  Initializer initial_avg_mean = {}, initial_avg_var = {};
};

// BatchNormalization for small batches (batch_renormalization; Ioffe, arXiv:1702.03275): in training
// the batch is normalized with the running averages as far as rmax and dmax let it. With rmax = 1 and
// dmax = 0 it is BatchNormalization.
//
//   nn::BatchRenormalization bn(16, {.rmax = 3, .dmax = 5});
class BatchRenormalization : public Polymorphic<BatchRenormalization, BatchNormalization> {
 public:
  explicit BatchRenormalization(const Shape& size,
                                const BatchRenormalizationLinkOptions& options = {});
  explicit BatchRenormalization(std::int64_t size,
                                const BatchRenormalizationLinkOptions& options = {})
      : BatchRenormalization(Shape{size}, options) {}
  template <class T>
  requires std::is_arithmetic_v<T> BatchRenormalization(std::int64_t size, T r, double d = 0,
                                                        double decay_rate = 0.9,
                                                        double epsilon = 2e-5)
      : BatchRenormalization(
            size,
            BatchRenormalizationLinkOptions{
                .rmax = static_cast<double>(r), .dmax = d, .decay = decay_rate, .eps = epsilon}) {}

  Variable operator()(const Variable& x, bool finetune = false);

  double rmax, dmax;

 private:
  Variable renormalized(const Variable& x, bool finetune);

  Array mean_before_, var_before_;  // of the batch that autograd::forget() will compute again
};

}  // namespace nn::inline links
