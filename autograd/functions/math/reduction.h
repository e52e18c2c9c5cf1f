#pragma once

#include <optional>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/function_node.h"

// Reductions over the listed axes, by default over all, on float32 and float64. keepdims keeps the
// reduced axes with length 1. With the empty list `{}` no axis is reduced: each element is reduced
// by itself, and the result has x's shape.
namespace autograd::inline functions {

// The sum; 0 over an axis of length 0.
Variable sum(const Variable& x, const Axes& axes = std::nullopt, bool keepdims = false);

// The sum divided by the number of elements.
Variable mean(const Variable& x, const Axes& axes = std::nullopt, bool keepdims = false);

// sum(w x) / sum(w); without weights, the mean. The weights have x's shape, or are a vector along
// the one listed axis; with an empty list of axes there is a single weight.
Variable average(const Variable& x, const Axes& axes = std::nullopt, const Variable& weights = {},
                 bool keepdims = false);

// The greatest, or least, element; NaN if there is a NaN. On a tie every extreme element gets the
// whole gradient. An axis of length 0 is an error.
Variable max(const Variable& x, const Axes& axes = std::nullopt, bool keepdims = false);
Variable min(const Variable& x, const Axes& axes = std::nullopt, bool keepdims = false);

// The position (int32) of the first maximum or minimum along one axis, or in the flattened array.
Array argmax(const Variable& x, std::optional<int> axis = {});
Array argmin(const Variable& x, std::optional<int> axis = {});

// log(sum(e^x)), without overflow. The gradient is softmax(x).
inline constexpr struct LogsumexpFunction : UnaryFunction<LogsumexpFunction> {
  Variable operator()(const Variable& x, const Axes& axes = std::nullopt) const;
} logsumexp;

// The sum of squares of each sample, over all axes but the first: (batch).
Variable batch_l2_norm_squared(const Variable& x);

// Sums x over its broadcast axes so that the result has `shape`: the adjoint of broadcast_to.
// x itself if it has that shape.
Variable sum_to(const Variable& x, const Shape& shape);

// Repeats axes of length 1, and adds leading axes, by NumPy's rule. A read-only view; x itself if
// it has that shape.
Variable broadcast_to(const Variable& x, const Shape& shape);

}  // namespace autograd::inline functions
