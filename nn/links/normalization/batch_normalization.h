#pragma once

#include <concepts>

#include "autograd/graph/config.h"
#include "nn/initializers/initializers.h"
#include "nn/link.h"
#include "nn/size.h"

namespace nn::inline links {

using autograd::Axes;

struct BatchNormalizationOptions {
  double decay = 0.9;
  double eps = 2e-5;
  Dtype dtype = autograd::config().dtype;
  bool use_gamma = true, use_beta = true;             // else they are 1 and 0
  Initializer initial_gamma = {}, initial_beta = {};  // 1 and 0 unless given
  // The axes of the mean; by default axis 0 and the axes after those of `size`.
  Axes axis = None;
  Initializer initial_avg_mean = {}, initial_avg_var = {};  // 0 and 1 unless given
};

// A layer that normalizes each channel to mean `beta` and standard deviation `gamma`
// (batch_normalization; Ioffe and Szegedy, arXiv:1502.03167). In training it uses the mean and
// variance of the batch, and updates their running averages avg_mean and avg_var:
//   avg = decay avg + (1 - decay) new
// If config().train is false, it uses the running averages instead (fixed_batch_normalization).
// With `finetune` the averages are plain means over all batches since start_finetuning(), whose
// number is N. avg_mean, avg_var and N are saved with the model.
//
//   nn::BatchNormalization bn(16), each_pixel({16, 32, 32}), bare(16, {.use_gamma = false});
//   nn::BatchNormalization later(nn::None, {.axis = {0, 2, 3}});
class BatchNormalization : public Polymorphic<BatchNormalization> {
 public:
  // If size is None, `axis` must be given, and the size is the shape of the first input without
  // these axes.
  explicit BatchNormalization(const ShapeOrNone& size,
                              const BatchNormalizationOptions& options = {});
  explicit BatchNormalization(std::int64_t size, const BatchNormalizationOptions& options = {})
      : BatchNormalization(Shape{size}, options) {}
  template <std::floating_point T>
  BatchNormalization(const ShapeOrNone& size, T decay_rate, double epsilon = 2e-5,
                     Dtype dtype = autograd::config().dtype, bool use_gamma = true,
                     bool use_beta = true)
      : BatchNormalization(size, BatchNormalizationOptions{.decay = decay_rate,
                                                           .eps = epsilon,
                                                           .dtype = dtype,
                                                           .use_gamma = use_gamma,
                                                           .use_beta = use_beta}) {}
  template <std::floating_point T>
  BatchNormalization(std::int64_t size, T decay_rate, double epsilon = 2e-5,
                     Dtype dtype = autograd::config().dtype, bool use_gamma = true,
                     bool use_beta = true)
      : BatchNormalization(Shape{size}, decay_rate, epsilon, dtype, use_gamma, use_beta) {}

  Variable operator()(const Variable& x, bool finetune = false);
  void start_finetuning() { N = 0; }
  void list(Members& members) override;

  Parameter gamma, beta;
  Array avg_mean, avg_var;
  std::int64_t N = 0;
  double decay, eps;
  Axes axis;  // as given

 private:
  void initialize(const Shape& size);
  Variable normalized(const Variable& x, bool finetune);

  Dtype dtype_;  // of what is not initialised yet
  Ready ready_;  // avg_mean and avg_var are there for every thread
  Initializer initial_avg_mean_, initial_avg_var_;
};

}  // namespace nn::inline links
