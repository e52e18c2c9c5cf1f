#pragma once

#include <optional>
#include <utility>

#include "autograd/graph/variable.h"

// A conditional model gets the class of an image as one-hot columns after the pixels or after the
// code: 1 in the column of the class and 0 in the others. Without classes, these functions add no
// columns.
namespace vae::lab {

// The one-hot rows, float32 (n, classes), of integer labels (n) in [0, classes).
autograd::Array one_hot(const autograd::Array& labels, int classes);

// The rows (n, columns) followed by the one-hot columns of `labels`; the rows alone if `classes` is
// 0.
autograd::Array with_classes(const autograd::Array& rows,
                             const std::optional<autograd::Array>& labels, int classes);

// The rows followed by the columns t; the rows alone if t is empty.
autograd::Variable join_classes(const autograd::Variable& rows, const autograd::Variable& t);

// The inverse: views of the rows and of the one-hot columns. The columns are empty if `classes` is
// 0.
std::pair<autograd::Variable, autograd::Variable> split_classes(const autograd::Variable& rows,
                                                                int classes);

// The rows minus the mean of the rows of their class. This difference is what a code can explain if
// the class is known.
autograd::Array within_classes(const autograd::Array& rows, const autograd::Array& labels,
                               int classes);

}  // namespace vae::lab
