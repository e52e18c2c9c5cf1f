#pragma once

#include <span>

#include "autograd/array/array.h"

// Reductions over axes. The order of additions depends on the shape alone (blocks, then pairs), so
// results are the same, bit for bit, for any number of threads. With keepdims the reduced axes stay
// with length 1. The sum over an axis of length 0 is 0; its maximum is an error.
namespace autograd::array {

// In x's dtype; int64 for integers and bools, as NumPy's on Linux.
Array sum(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// sum / n; float64 for integers and bools.
Array mean(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// The biased variance, the mean of (x - mean)^2 (NumPy's ddof=0), and its square root.
Array var(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
Array std(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// NaN if there is a NaN, as in NumPy.
Array max(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
Array min(const Array& x, const Axes& axes = std::nullopt, bool keepdims = false);
// The position (int32) of the first maximum or minimum along one axis, or in the flattened array.
Array argmax(const Array& x, std::optional<int> axis = {});
Array argmin(const Array& x, std::optional<int> axis = {});

// Sums x over the axes that were broadcast, so that the result has `shape`: the adjoint of
// broadcast_to.
Array sum_to(const Array& x, const Shape& shape);

bool any_nan(const Array& x);
bool all_finite(const Array& x);
// x where it is finite, `other` elsewhere.
Array or_else(const Array& x, const Array& other);

// A power of two of the size of the greatest |x| along the axes, which are kept with length 1; 1 if
// that |x| is 0 or not finite. x divided by it, which is exact, is below 2 in magnitude, so its
// squares do not overflow.
Array binary_scale(const Array& x, const Axes& axes = std::nullopt);

// Adds neighbours pairwise until one number is left; 0 for an empty span.
double pairwise_sum(std::span<double> parts);

}  // namespace autograd::array
