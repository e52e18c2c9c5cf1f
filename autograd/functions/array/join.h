#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/function_node.h"

// Functions that join several arrays into one, or split one into several; Chainer's
// functions/array.
namespace autograd::inline functions {

// Concatenates arrays along an axis; their other axes have equal lengths.
inline constexpr struct ConcatFunction
    : FunctionObject<ConcatFunction, Variable(const VariableList&)> {
  Variable operator()(const VariableList& xs, int axis = 1) const;
} concat;

// Arrays of one shape along a new axis.
inline constexpr struct StackFunction
    : FunctionObject<StackFunction, Variable(const VariableList&)> {
  Variable operator()(const VariableList& xs, int axis = 0) const;
} stack;

// Concatenates along axis 1; vectors and scalars along axis 0.
Variable hstack(const VariableList& xs);
// Concatenates along axis 0; a vector counts as a row.
Variable vstack(const VariableList& xs);
// Concatenates along axis 2; a vector (n) counts as (1, n, 1), a matrix (m, n) as (m, n, 1).
Variable dstack(const VariableList& xs);

// How split_axis splits: 3 for three equal parts, or {2, 5} to split before these indices, which
// must not decrease.
class Sections {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): split_axis(x, 3, 1) reads as Chainer's
  Sections(int parts) : parts_(parts) {}
  Sections(std::initializer_list<std::int64_t> indices) : indices_(indices) {}
  explicit Sections(std::vector<std::int64_t> indices) : indices_(std::move(indices)) {}

  // The first index of each part, followed by the length of the axis of x.
  std::vector<std::int64_t> borders(const Variable& x, int axis) const;

 private:
  std::optional<std::int64_t> parts_;
  std::vector<std::int64_t> indices_;
};

// Splits an axis. The parts are views. In the backward pass, a part without a gradient counts as
// having gradient 0.
Variables split_axis(const Variable& x, const Sections& indices_or_sections, int axis);

// The slices along an axis, without this axis: the inverse of stack. Views.
Variables separate(const Variable& x, int axis = 0);

// Sequences of different lengths as one array (sequences, length, ...), padded with `padding`. The
// default length is that of the longest sequence.
Variable pad_sequence(const VariableList& xs, std::optional<std::int64_t> length = {},
                      double padding = 0);

// Transposes a list of sequences, which must not increase in length: the i-th result holds element
// i of every sequence that has one.
Variables transpose_sequence(const VariableList& xs);

}  // namespace autograd::inline functions
