#pragma once

#include <optional>

#include "autograd/graph/function_node.h"

// Cumulative sums and products, on float32 and float64. Gradients are correct also where elements
// are zero.
namespace autograd::inline functions {

// y_i = x_0 + ... + x_i along an axis; without an axis, of the flattened x.
Variable cumsum(const Variable& x, std::optional<int> axis = {});

// y_i = x_0 ... x_i along an axis; without an axis, of the flattened x.
Variable cumprod(const Variable& x, std::optional<int> axis = {});

// The product over the listed axes, by default all; 1 over an axis of length 0.
Variable prod(const Variable& x, const Axes& axes = std::nullopt, bool keepdims = false);

}  // namespace autograd::inline functions
