#pragma once

#include <string_view>

#include "autograd/graph/function_node.h"

// Sums of products over named axes, on float32 and float64; Chainer's functions/math.
namespace autograd::inline functions {

// Einstein summation, numpy.einsum: a letter names an axis of each input, a letter that is missing
// behind `->` is summed over. Its rules are NumPy's:
// - There is one term for each input, with commas between; the letters of a term, and the axes that
//   its `...` stands for, are all axes of the input. Spaces between them mean nothing.
// - A letter that a term has twice takes the diagonal; both axes must be equally long.
// - Axes of one letter in several terms are equally long, or have length 1 and broadcast.
// - `...`, at most once in a term, stands for the axes without letters. They broadcast together,
//   counted from the last. If there are any, `...` must stand behind `->`, too: they are not
//   summed.
// - Behind `->` each letter stands once, and before it, too. `...` may stand there in any case.
// - Without `->` the result has the axes of `...`, then in alphabetical order, upper case first,
// the
//   letters that stand in the subscripts once.
// Anything else is an error.
//   einsum("ij,jk->ik", a, b)        the product of two matrices
//   einsum("bi,ijk,bj->bk", x, W, y) a bilinear form for each sample
// Of one input without a sum the result is a view. Inputs are multiplied from left to right, each
// time as one batch of matrix products.
Variable einsum(std::string_view subscripts, const VariableList& xs);
template <class... X>
Variable einsum(std::string_view subscripts, const X&... xs) {
  return einsum(subscripts, {xs...});
}

// Sums a[i..., k...] b[k..., j...] over k: the last `axes` axes of a and the first of b, in one
// order. With 0 it is the outer product. numpy.tensordot.
Variable tensordot(const Variable& a, const Variable& b, int axes = 2);
// The named axes instead: axis a_axes[i] of a goes with axis b_axes[i] of b.
Variable tensordot(const Variable& a, const Variable& b, const Axes& a_axes, const Axes& b_axes);

}  // namespace autograd::inline functions
