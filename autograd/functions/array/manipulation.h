#pragma once

#include "autograd/graph/function_node.h"

// Functions that give an array another shape, order or type; Chainer's functions/array. Views where
// the layout allows it: a view shares the memory of x, and what is written into one array shows in
// the other. copy() gives memory of its own. What joins and cuts arrays is in join.h, what picks
// elements in indexing.h.
namespace autograd::inline functions {

// The same elements in another shape; one length may be -1.
Variable reshape(const Variable& x, const Shape& shape);

// One axis.
Variable flatten(const Variable& x);

// A new axis of length 1, which stands at `axis` of the result.
Variable expand_dims(const Variable& x, int axis);

// Without the named axes, which must have length 1; unless any are given, without all axes of
// length 1.
Variable squeeze(const Variable& x, const Axes& axes = std::nullopt);

// The axes in another order, all of them named; reversed unless given.
Variable transpose(const Variable& x, const Axes& axes = std::nullopt);

// Two axes change places.
Variable swapaxes(const Variable& x, int axis1, int axis2);

// Axis source[i] becomes axis destination[i]; the others keep their order.
Variable moveaxis(const Variable& x, const Axes& source, const Axes& destination);

// The axis moves back until it lies before what was axis `start`.
Variable rollaxis(const Variable& x, int axis, int start = 0);

// Each array broadcast to the shape that all broadcast to together. Views, which cannot be written
// to.
Variables broadcast(const VariableList& xs);
template <class... X>
Variables broadcast(const Variable& x, const X&... others) {
  return broadcast({x, others...});
}

// x laid out reps[i] times along axis i, as NumPy's tile: the shorter of x's shape and reps gets
// ones in front.
Variable tile(const Variable& x, const Shape& reps);
inline Variable tile(const Variable& x, std::int64_t reps) { return tile(x, Shape{reps}); }

// The same numbers in another type; x itself if it has that type. No gradient flows through
// integers and bools.
Variable cast(const Variable& x, Dtype dtype);

// The same numbers in memory of their own.
Variable copy(const Variable& x);

// x: another variable with the same array.
Variable identity(const Variable& x);

}  // namespace autograd::inline functions
