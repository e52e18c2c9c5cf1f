#include "nn/links/activation/simplified_dropconnect.h"

#include <fmt/format.h>

#include <cmath>

#include "autograd/functions/noise/noise.h"

namespace nn::inline links {

SimplifiedDropconnect::SimplifiedDropconnect(Size in_size, std::int64_t out,
                                             const SimplifiedDropconnectLinkOptions& o)
    : W(o.initialW.or_else(initializers::HeNormal({.scale = 1 / std::sqrt(2)}))),
      out_size(out),
      ratio(o.ratio) {
  if (out_size < 1 || (in_size.is_known() && *in_size < 1))
    throw autograd::Error(fmt::format(
        "SimplifiedDropconnect: sizes must be at least 1, but in_size is {} and out_size {}",
        to_string(in_size), out_size));
  if (!(ratio >= 0 && ratio < 1))
    throw autograd::Error(
        fmt::format("SimplifiedDropconnect: ratio must lie in [0, 1), but it is {}", ratio));
  if (in_size.is_known()) W.initialize({out_size, *in_size});
  if (!o.nobias) b = Parameter(o.initial_bias.or_else(0.0), Shape{out_size});
  name_parameters();
}

void SimplifiedDropconnect::list(Members& members) {
  members("W", W)("b", b);
  if (mask) members.persistent("mask", mask);
}

Variable SimplifiedDropconnect::operator()(const Variable& x,
                                           const SimplifiedDropconnectCall& options) {
  const auto initialize = [&] {
    if (x.ndim() > 0) W.initialize({out_size, x.shape().slice(1, x.ndim()).elements()});
  };
  initialize_once(initialize, W);
  const auto forward = [&] {
    const bool batchwise = options.mask ? options.mask.ndim() == 3 : options.use_batchwise_mask;
    return autograd::simplified_dropconnect(x, W, b,
                                            {.ratio = ratio,
                                             .train = options.train,
                                             .mask = options.mask,
                                             .use_batchwise_mask = batchwise});
  };
  const Variable y = hooked(forward, x);
  if (!mask && options.mask) mask = options.mask;
  return y;
}

}  // namespace nn::inline links
