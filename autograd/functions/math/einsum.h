#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "autograd/array/index.h"
#include "autograd/graph/function_node.h"

// Sums of products over named axes, on float32 and float64; Chainer's functions/math.
namespace autograd::inline functions {

// Einstein summation, as numpy.einsum: each letter names an axis of an input, and axes whose
// letters are missing after `->` are summed over. The rules are NumPy's:
// - There is one term for each input; terms are separated by commas. A term's letters, together
//   with the axes that its `...` stands for, name all axes of the input. Spaces between letters are
//   ignored.
// - A letter that occurs twice in a term takes the diagonal; the two axes have equal lengths.
// - The axes of a letter that occurs in several terms have equal lengths, or length 1 and
//   broadcast.
// - `...`, at most once in a term, stands for the axes without letters. These axes broadcast
//   together, aligned at the last one. They are not summed: if there are any, `...` must also occur
//   after `->`.
// - After `->` each letter occurs once, and it must occur before `->`. `...` is always allowed
//   there.
// - Without `->` the result has the axes of `...`, followed by the letters that occur exactly once,
//   in alphabetical order, upper case first.
// Anything else is an error.
//   einsum("ij,jk->ik", a, b)        the product of two matrices
//   einsum("bi,ijk,bj->bk", x, W, y) a bilinear form for each sample
// With one input and no sum the result is a view. Inputs are multiplied from left to right, each
// product as one batch of matrix products.
Variable einsum(std::string_view subscripts, const VariableList& xs);

// NumPy's other way to name axes: by numbers in [0, 52), or `ellipsis`.
//   einsum({{a, {0, 1}}, {b, {1, 2}}}, {{0, 2}})                      "ij,jk->ik"
//   einsum({{a, {ellipsis, 0, 1}}, {b, {ellipsis, 1, 2}}})            "...ij,...jk"
class AxisNames {
 public:
  struct Name {
    Name(int n) : number(n) {}      // NOLINT(google-explicit-constructor)
    Name(Ellipsis) : number(-1) {}  // NOLINT(google-explicit-constructor)
    int number;                     // of the ellipsis, -1
  };
  AxisNames(std::initializer_list<Name> names) : names_(names) {}
  explicit AxisNames(std::vector<Name> names) : names_(std::move(names)) {}
  const std::vector<Name>& names() const { return names_; }

 private:
  std::vector<Name> names_;
};
struct EinsumTerm {
  VariableField x;
  AxisNames axes;
};
// Without `output` the result has the axes that it has without `->`.
Variable einsum(const std::vector<EinsumTerm>& terms, const std::optional<AxisNames>& output = {});
template <class... X>
Variable einsum(std::string_view subscripts, const X&... xs) {
  return einsum(subscripts, {xs...});
}

// The sum of a[i..., k...] b[k..., j...] over k, the last `axes` axes of a and the first `axes`
// axes of b, in the same order. With axes = 0 the outer product. numpy.tensordot.
Variable tensordot(const Variable& a, const Variable& b, int axes = 2);
// The same over listed axes: axis a_axes[i] of a is paired with axis b_axes[i] of b.
Variable tensordot(const Variable& a, const Variable& b, const Axes& a_axes, const Axes& b_axes);

}  // namespace autograd::inline functions
