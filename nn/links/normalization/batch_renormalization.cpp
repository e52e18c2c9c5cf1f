#include "nn/links/normalization/batch_renormalization.h"

#include <fmt/format.h>

#include "autograd/functions/normalization/batch_renormalization.h"
#include "autograd/functions/normalization/normalization.h"
#include "autograd/graph/config.h"

namespace nn::inline links {

BatchRenormalization::BatchRenormalization(const Shape& size,
                                           const BatchRenormalizationLinkOptions& o)
    : Polymorphic(size, BatchNormalizationOptions{.decay = o.decay,
                                                  .eps = o.eps,
                                                  .dtype = o.dtype,
                                                  .use_gamma = o.use_gamma,
                                                  .use_beta = o.use_beta,
                                                  .initial_gamma = o.initial_gamma,
                                                  .initial_beta = o.initial_beta,
                                                  .initial_avg_mean = o.initial_avg_mean,
                                                  .initial_avg_var = o.initial_avg_var}),
      rmax(o.rmax),
      dmax(o.dmax) {
  if (!(rmax >= 1 && dmax >= 0))
    throw autograd::Error(fmt::format(
        "BatchRenormalization: rmax must be at least 1 and dmax not negative, but they are {} and "
        "{}",
        rmax, dmax));
}

Variable BatchRenormalization::operator()(const Variable& x, bool finetune) {
  return hooked([&] { return renormalized(x, finetune); }, x);
}

Variable BatchRenormalization::renormalized(const Variable& x, bool finetune) {
  const autograd::Config& config = autograd::config();
  const Variable scale = gamma ? gamma : autograd::as_variable(Array::ones_like(avg_mean));
  const Variable shift = beta ? beta : autograd::as_variable(Array::zeros_like(avg_mean));
  if (!config.train) {
    // A graph keeps copies: training passes that come before its backward pass change the averages.
    const auto kept = [&](const Array& a) { return config.enable_backprop ? a.copy() : a; };
    return autograd::fixed_batch_normalization(x, scale, shift, kept(avg_mean), kept(avg_var), eps);
  }
  // The second call for one batch uses the averages that the first has found.
  if (config.in_recomputing && mean_before_)
    return autograd::batch_renormalization(x, scale, shift, rmax, dmax, mean_before_, var_before_,
                                           {.eps = eps});
  const Array mean = config.will_recompute ? avg_mean.copy() : Array(),
              var = config.will_recompute ? avg_var.copy() : Array();
  const auto count = static_cast<double>(N + 1);
  const Variable y = autograd::batch_renormalization(
      x, scale, shift, rmax, dmax, avg_mean, avg_var,
      {.eps = eps, .decay = finetune ? 1 - 1 / count : decay, .update_statistics = true});
  if (finetune) ++N;
  mean_before_ = mean;
  var_before_ = var;
  return y;
}

}  // namespace nn::inline links
