#include "nn/links/normalization/layer_normalization.h"

#include <fmt/format.h>

#include <string_view>

#include "autograd/functions/normalization/normalization.h"

namespace nn::inline links {
namespace {

std::optional<Shape> shape_of(std::string_view link, Size size) {
  if (!size.is_known()) return {};
  if (*size < 1)
    throw autograd::Error(fmt::format("{}: size must be at least 1, but it is {}", link, *size));
  return Shape{*size};
}

// Those that have no shape yet get that of `size` numbers.
void initialize_both(Parameter& gamma, Parameter& beta, std::int64_t size) {
  for (Parameter* p : {&gamma, &beta}) initialize_once([&] { p->initialize({size}); }, *p);
}

}  // namespace

LayerNormalization::LayerNormalization(Size size, const LayerNormalizationOptions& o)
    : gamma(o.initial_gamma.or_else(1.0), shape_of("LayerNormalization", size)),
      beta(o.initial_beta.or_else(0.0), shape_of("LayerNormalization", size)),
      eps(o.eps) {
  name_parameters();
}

Variable LayerNormalization::operator()(const Variable& x) {
  if (x.ndim() > 0) initialize_both(gamma, beta, x.shape().slice(1, x.ndim()).elements());
  return hooked([&] { return autograd::layer_normalization(x, gamma, beta, eps); }, x);
}

GroupNormalization::GroupNormalization(int n_groups, Size size, const GroupNormalizationOptions& o)
    : gamma(o.initial_gamma.or_else(1.0), shape_of("GroupNormalization", size)),
      beta(o.initial_beta.or_else(0.0), shape_of("GroupNormalization", size)),
      groups(n_groups),
      eps(o.eps) {
  if (groups < 1 || (size.is_known() && *size % groups != 0))
    throw autograd::Error(fmt::format(
        "GroupNormalization: the groups must divide the size, but there are {} groups of "
        "{} channels",
        groups, to_string(size)));
  name_parameters();
}

Variable GroupNormalization::operator()(const Variable& x) {
  if (x.ndim() > 1) initialize_both(gamma, beta, x.length(1));
  return hooked([&] { return autograd::group_normalization(x, groups, gamma, beta, eps); }, x);
}

}  // namespace nn::inline links
