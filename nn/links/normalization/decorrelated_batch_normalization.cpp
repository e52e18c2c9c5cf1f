#include "nn/links/normalization/decorrelated_batch_normalization.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/normalization/decorrelated_batch_normalization.h"
#include "autograd/graph/config.h"
#include "nn/initializers/initializers.h"

namespace nn::inline links {

DecorrelatedBatchNormalization::DecorrelatedBatchNormalization(
    std::int64_t size, const DecorrelatedBatchNormalizationLinkOptions& o)
    : groups(o.groups), decay(o.decay), eps(o.eps) {
  constexpr std::string_view link = "DecorrelatedBatchNormalization";
  if (size < 1 || groups < 1 || size % groups != 0)
    throw autograd::Error(
        fmt::format("{}: the groups must divide the size, but there are {} groups of {} channels",
                    link, groups, size));
  const std::int64_t c = size / groups;
  autograd::length_product(link, autograd::length_product(link, groups, c), c);
  avg_mean = Array::zeros({groups, c}, o.dtype);
  avg_projection = Array::zeros({groups, c, c}, o.dtype);
  // The diagonal of each matrix.
  const Shape strides = avg_projection.strides();
  Array diagonal = avg_projection.as_strided({groups, c}, {strides[0], strides[1] + strides[2]});
  diagonal.fill(1);
}

void DecorrelatedBatchNormalization::list(Members& members) {
  members.persistent("avg_mean", avg_mean).persistent("avg_projection", avg_projection);
  members.persistent("N", N);
}

Variable DecorrelatedBatchNormalization::operator()(const Variable& x, bool finetune) {
  return hooked([&] { return normalized(x, finetune); }, x);
}

Variable DecorrelatedBatchNormalization::normalized(const Variable& x, bool finetune) {
  const autograd::Config& config = autograd::config();
  if (!config.train) {
    // A graph keeps copies: training passes that come before its backward pass change the averages.
    const auto kept = [&](const Array& a) {
      return autograd::as_variable(config.enable_backprop ? a.copy() : a);
    };
    return autograd::fixed_decorrelated_batch_normalization(x, kept(avg_mean), kept(avg_projection),
                                                            groups);
  }
  // The second call for one batch: the first has updated the averages.
  if (config.in_recomputing)
    return autograd::decorrelated_batch_normalization(x, {.groups = groups, .eps = eps});
  const auto count = static_cast<double>(N + 1);
  const Variable y =
      autograd::decorrelated_batch_normalization(x, {.groups = groups,
                                                     .eps = eps,
                                                     .running_mean = avg_mean,
                                                     .running_projection = avg_projection,
                                                     .decay = finetune ? 1 - 1 / count : decay});
  if (finetune) ++N;
  return y;
}

}  // namespace nn::inline links
