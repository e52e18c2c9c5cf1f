#pragma once

#include <vector>

#include "autograd/array/index.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Functions that pick elements; Chainer's functions/array.
namespace autograd::inline functions {

// x[indices] by NumPy's rules; Python's x[:2, 1] is get_item(x, {Slice(0, 2), 1}). A view if there
// are no index arrays. The gradients of an element that is picked repeatedly add up. `named` is the
// name of the caller, for functions that only call this one.
Variable get_item(const Variable& x, const Indices& indices,
                  const FunctionName& named = {"get_item", "GetItem"});

// a with b added at a[indices]; repeated positions accumulate. b must have the shape of a[indices].
Variable scatter_add(const Variable& a, const Indices& indices, const Variable& b);

// x[i, t[i]] for each row i of the matrix x; t holds integers.
Variable select_item(const Variable& x, ArrayLike t);

// Reverses an axis. A view, as are the results of fliplr and flipud.
Variable flip(const Variable& x, int axis);
Variable fliplr(const Variable& x);  // axis 1
Variable flipud(const Variable& x);  // axis 0

// Repeats each element `repeats` times, or element i repeats[i] times, along an axis; without an
// axis, along the flattened x.
Variable repeat(const Variable& x, std::int64_t repeats, std::optional<int> axis = {});
Variable repeat(const Variable& x, const std::vector<std::int64_t>& repeats,
                std::optional<int> axis = {});

// Element i along the axis is element indices[i] of x; with `inv`, element indices[i] is element i
// of x. `indices` is a permutation (int32 or int64).
Variable permutate(const Variable& x, ArrayLike indices, int axis = 0, bool inv = false);

// The elements with index2 - index1 = offset, along a new last axis that replaces axis1 and axis2.
Variable diagonal(const Variable& x, int offset = 0, int axis1 = 0, int axis2 = 1);

// The elements at arbitrary strides (in elements of x in C order), copied to new memory.
Variable as_strided(const Variable& x, const Shape& shape, const Shape& strides,
                    std::int64_t storage_offset = 0);

}  // namespace autograd::inline functions

namespace autograd {

inline Variable Variable::operator[](const Indices& indices) const {
  return get_item(*this, indices);
}

}  // namespace autograd
