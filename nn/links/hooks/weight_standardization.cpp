#include "nn/links/hooks/weight_standardization.h"

#include <fmt/format.h>

#include "autograd/base/error.h"
#include "autograd/functions/normalization/normalization.h"

namespace nn::link_hooks {

Variable WeightStandardization::replaced(const Link&, const Variable& W) {
  if (W.ndim() < 2)
    throw autograd::Error(
        fmt::format("WeightStandardization: the weight {} must have at least 2 axes, but it is {}",
                    weight_name, describe(W.array())));
  const Shape channels{W.length(1)};
  return autograd::group_normalization(
      W, 1, autograd::as_variable(Array::full(channels, 1, W.dtype())),
      autograd::as_variable(Array::zeros(channels, W.dtype())), eps);
}

}  // namespace nn::link_hooks
