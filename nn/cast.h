#pragma once

#include <concepts>

#include "nn/link.h"

namespace nn {

void cast_members(Link& link, Dtype dtype);

// Converts the link and all below it, in place, and returns it: parameters with their gradients and
// the states of their update rules, persistent floating arrays, and what is not initialised yet. So
// optimizers go on with it. dtype is float32 or float64.
//
//   nn::cast(model, Dtype::float64);
//
// Links that are made while config().dtype is float64 are float64 from the start, and drawn so:
// casting later keeps the digits that float32 has.
template <std::derived_from<Link> L>
L& cast(L& link, Dtype dtype) {
  cast_members(link, dtype);
  return link;
}

}  // namespace nn
