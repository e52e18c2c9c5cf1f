#pragma once

#include <concepts>

#include "nn/link.h"

namespace nn {

void cast_members(Link& link, Dtype dtype);

// Converts a link and all links below it in place, and returns it: parameters with their gradients
// and the states of their update rules, persistent floating arrays, and the dtype of uninitialised
// parameters. Optimizers can continue to use the link. dtype is float32 or float64.
//
//   nn::cast(model, Dtype::float64);
//
// Links made while config().dtype is float64 are initialised in float64; casting a float32 link
// later keeps the rounding of its values to float32.
template <std::derived_from<Link> L>
L& cast(L& link, Dtype dtype) {
  cast_members(link, dtype);
  return link;
}

}  // namespace nn
