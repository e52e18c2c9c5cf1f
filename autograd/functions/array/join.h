#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/function_node.h"

// Functions that join arrays to one and cut one into several; Chainer's functions/array.
namespace autograd::inline functions {

// The arrays one after another along an axis; the other axes are equally long.
inline constexpr struct ConcatFunction
    : FunctionObject<ConcatFunction, Variable(const VariableList&)> {
  Variable operator()(const VariableList& xs, int axis = 1) const;
} concat;

// Arrays of one shape along a new axis.
inline constexpr struct StackFunction
    : FunctionObject<StackFunction, Variable(const VariableList&)> {
  Variable operator()(const VariableList& xs, int axis = 0) const;
} stack;

// Side by side: along axis 1, vectors and scalars along their only one.
Variable hstack(const VariableList& xs);
// One below the other: along axis 0, vectors being rows.
Variable vstack(const VariableList& xs);
// One behind the other: along axis 2, a vector (n) being (1, n, 1), a matrix (m, n) being (m, n,
// 1).
Variable dstack(const VariableList& xs);

// Where split_axis cuts: into 3 equal parts, or before the indices {2, 5}, which never go down.
class Sections {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): split_axis(x, 3, 1) reads as Chainer's
  Sections(int parts) : parts_(parts) {}
  Sections(std::initializer_list<std::int64_t> indices) : indices_(indices) {}
  explicit Sections(std::vector<std::int64_t> indices) : indices_(std::move(indices)) {}

  // Where the parts begin, and the end, for an axis of x.
  std::vector<std::int64_t> borders(const Variable& x, int axis) const;

 private:
  std::optional<std::int64_t> parts_;
  std::vector<std::int64_t> indices_;
};

// Cuts an axis. The parts are views. Backward takes a part that got no gradient as having a
// gradient of 0.
Variables split_axis(const Variable& x, const Sections& indices_or_sections, int axis);

// The slices of an axis, which disappears: the inverse of stack. Views.
Variables separate(const Variable& x, int axis = 0);

// Sequences of different lengths as one array (sequences, longest or `length`, ...), filled up with
// `padding`.
Variable pad_sequence(const VariableList& xs, std::optional<std::int64_t> length = {},
                      double padding = 0);

// Sequences that do not grow longer, step by step instead: the i-th result holds element i of all
// sequences that have one.
Variables transpose_sequence(const VariableList& xs);

}  // namespace autograd::inline functions
