#pragma once

#include <span>

#include "autograd/array/array.h"

// Reductions over axes. The additions are done in an order that
// depends on the shape alone (blocks, then pairs), so the bits do not depend on the number of
// threads. With keepdims the reduced axes stay with length 1. An axis of length 0 sums to 0 and has
// no maximum (an error).
namespace autograd::array {

// In x's dtype; of integers and bools int64, as NumPy's on Linux.
Array sum(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// sum / n; of integers and bools float64.
Array mean(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// The mean of (x - mean)^2, which divides by n, as NumPy's with ddof=0; and its square root.
Array var(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
Array std(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// NaN wins, as in NumPy.
Array max(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
Array min(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// int32 positions of the first maximum or minimum along one axis, or in the flattened array.
Array argmax(const Array& x, std::optional<int> axis = {});
Array argmin(const Array& x, std::optional<int> axis = {});

// Sums x over the axes that were broadcast, so that the result has `shape`: the adjoint of
// broadcast_to.
Array sum_to(const Array& x, const Shape& shape);

bool any_nan(const Array& x);
bool all_finite(const Array& x);
// x where it is finite, `other` elsewhere.
Array or_else(const Array& x, const Array& other);

// Powers of two like the greatest |x| along the axes, which are kept with length 1; 1 where that is
// 0 or not finite. Divided by them, which rounds nothing, x is below 2, and its squares do not
// overflow.
Array binary_scale(const Array& x, const Axes& axes = std::nullopt);

// Adds up neighbours until one number is left; 0 for none.
double pairwise_sum(std::span<double> parts);

}  // namespace autograd::array
