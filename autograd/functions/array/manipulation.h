#pragma once

#include "autograd/graph/function_node.h"

// Functions that change the shape, order or type of an array; Chainer's functions/array. Results
// are views where the layout allows it: a view shares the memory of x, and writing to one changes
// the other. copy() gives new memory. Functions that join and split arrays are in join.h, functions
// that pick elements in indexing.h.
namespace autograd::inline functions {

// The same elements in another shape; one length may be -1.
Variable reshape(const Variable& x, const Shape& shape);

// Flattened to one axis.
Variable flatten(const Variable& x);

// Inserts an axis of length 1 that becomes axis `axis` of the result.
Variable expand_dims(const Variable& x, int axis);

// Removes the listed axes, which must have length 1; by default all axes of length 1.
Variable squeeze(const Variable& x, const Axes& axes = std::nullopt);

// The axes in another order, which must list all of them; by default reversed.
Variable transpose(const Variable& x, const Axes& axes = std::nullopt);

// Swaps two axes.
Variable swapaxes(const Variable& x, int axis1, int axis2);

// Axis source[i] becomes axis destination[i]; the others keep their order.
Variable moveaxis(const Variable& x, const Axes& source, const Axes& destination);

// Moves the axis to the place before the one that was axis `start`.
Variable rollaxis(const Variable& x, int axis, int start = 0);

// Broadcasts all arrays to their common shape. Read-only views.
Variables broadcast(const VariableList& xs);
template <class... X>
Variables broadcast(const Variable& x, const X&... others) {
  return broadcast({x, others...});
}

// Repeats x reps[i] times along axis i, as NumPy's tile: the shorter of x's shape and reps is
// extended by leading ones.
Variable tile(const Variable& x, const Shape& reps);
inline Variable tile(const Variable& x, std::int64_t reps) { return tile(x, Shape{reps}); }

// The same numbers in another type; x itself if it has that type. No gradient flows through
// integers and bools.
Variable cast(const Variable& x, Dtype dtype);

// The same numbers in memory of their own.
Variable copy(const Variable& x);

// Another variable with the same array as x.
Variable identity(const Variable& x);

}  // namespace autograd::inline functions
