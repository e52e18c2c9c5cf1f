#include "nn/links/connection/embed_id.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/connection/connection.h"

namespace nn::inline links {

EmbedID::EmbedID(std::int64_t in_size, std::int64_t out_size, const EmbedIDOptions& options)
    : ignore_label(options.ignore_label) {
  if (in_size < 1 || out_size < 1)
    throw autograd::Error(fmt::format(
        "EmbedID: sizes must be at least 1, but in_size is {} and out_size {}", in_size, out_size));
  W = Parameter(options.initialW.or_else(initializers::Normal(1)), Shape{in_size, out_size});
  name_parameters();
}

EmbedID EmbedID::from_params(const autograd::ArrayField& W, std::optional<std::int64_t> ignored) {
  autograd::Check("EmbedID::from_params", {{"W", W}}).ndim(2);
  return EmbedID(W.length(0), W.length(1), {.initialW = W, .ignore_label = ignored});
}

Variable EmbedID::operator()(autograd::ArrayLike x) {
  return hooked([&] { return autograd::embed_id(x, W, ignore_label); }, x);
}

}  // namespace nn::inline links
