#include "nn/links/connection/linear.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/connection/connection.h"
#include "nn/links/connection/from_params.h"

namespace nn::inline links {

Linear::Linear(Size in, std::int64_t out, const LinearOptions& options)
    : W(options.initialW.or_else(initializers::LeCunNormal())), in_size(in), out_size(out) {
  if (out_size < 1 || (in_size.is_known() && *in_size < 1))
    throw autograd::Error(
        fmt::format("Linear: sizes must be at least 1, but in_size is {} and out_size {}",
                    to_string(in_size), out_size));
  if (in_size.is_known()) W.initialize({out_size, *in_size});
  if (!options.nobias) b = Parameter(options.initial_bias.or_else(0.0), Shape{out_size});
  name_parameters();
}
Linear::Linear(Size in, std::int64_t out, bool nobias, const Initializer& initialW,
               const Initializer& initial_bias)
    : Linear(in, out,
             LinearOptions{.nobias = nobias, .initialW = initialW, .initial_bias = initial_bias}) {}

Linear Linear::from_params(const autograd::ArrayField& W, const autograd::ArrayField& b,
                           bool nobias) {
  autograd::Check("Linear::from_params", {{"W", W}}).ndim(2);
  require_bias("Linear::from_params", W, b);
  return Linear(W.length(1), W.length(0),
                {.nobias = nobias, .initialW = W, .initial_bias = initial_bias(b)});
}

Variable Linear::operator()(const Variable& x, int n_batch_axes) {
  const auto initialize = [&] {
    if (n_batch_axes >= 1 && n_batch_axes <= x.ndim())
      W.initialize({out_size, x.shape().slice(n_batch_axes, x.ndim()).elements()});
  };
  initialize_once(initialize, W);
  return hooked([&] { return autograd::linear(x, W, b, n_batch_axes); }, x);
}

}  // namespace nn::inline links
