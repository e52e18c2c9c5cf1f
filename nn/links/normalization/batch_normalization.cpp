#include "nn/links/normalization/batch_normalization.h"

#include <fmt/format.h>

#include "autograd/functions/normalization/normalization.h"
#include "autograd/graph/config.h"

namespace nn::inline links {

BatchNormalization::BatchNormalization(const ShapeOrNone& size, const BatchNormalizationOptions& o)
    : decay(o.decay),
      eps(o.eps),
      axis(o.axis),
      dtype_(o.dtype),
      initial_avg_mean_(o.initial_avg_mean.or_else(0.0)),
      initial_avg_var_(o.initial_avg_var.or_else(1.0)) {
  if (o.use_gamma) gamma = Parameter(o.initial_gamma.or_else(1.0), {}, "", dtype_);
  if (o.use_beta) beta = Parameter(o.initial_beta.or_else(0.0), {}, "", dtype_);
  if (size.is_known())
    initialize(*size);
  else if (axis.all())
    throw autograd::Error(
        "BatchNormalization: the size or the axis must be given, but both are missing");
  name_parameters();
}

void BatchNormalization::initialize(const Shape& size) {
  for (const std::int64_t length : size)
    if (length < 1)
      throw autograd::Error(fmt::format(
          "BatchNormalization: each length of the size must be at least 1, but it is {}",
          to_string(size)));
  avg_mean = initial_avg_mean_(size, dtype_);
  avg_var = initial_avg_var_(size, dtype_);
  for (Parameter* p : {&gamma, &beta})
    if (*p && !p->is_initialized()) p->initialize(size);
}

void BatchNormalization::list(Members& members) {
  members("gamma", gamma)("beta", beta);
  members.persistent("avg_mean", avg_mean, dtype_).persistent("avg_var", avg_var, dtype_);
  members.persistent("N", N);
}

Variable BatchNormalization::operator()(const Variable& x, bool finetune) {
  if (!ready_ || !avg_mean) {
    const InitializationLock lock;
    if (!avg_mean)
      initialize(
          autograd::reduced_shape(x.shape(), axis.flags("BatchNormalization", x.ndim()), false));
    ready_.set();
  }
  return hooked([&] { return normalized(x, finetune); }, x);
}

Variable BatchNormalization::normalized(const Variable& x, bool finetune) {
  const Variable scale = gamma ? gamma : Variable(Array::ones_like(avg_mean));
  const Variable shift = beta ? beta : Variable(Array::zeros_like(avg_mean));
  if (!autograd::config().train) {
    // A graph keeps copies: training passes that come before its backward pass change the averages.
    const auto kept = [](const Array& a) {
      return autograd::config().enable_backprop ? a.copy() : a;
    };
    return autograd::fixed_batch_normalization(x, scale, shift, kept(avg_mean), kept(avg_var), eps,
                                               axis);
  }
  // The second call for one batch: the first has updated the averages.
  if (autograd::config().in_recomputing)
    return autograd::batch_normalization(x, scale, shift, {.eps = eps, .axis = axis});
  if (finetune) ++N;
  return autograd::batch_normalization(x, scale, shift,
                                       {.eps = eps,
                                        .running_mean = avg_mean,
                                        .running_var = avg_var,
                                        .decay = finetune ? 1 - 1 / static_cast<double>(N) : decay,
                                        .axis = axis});
}

}  // namespace nn::inline links
