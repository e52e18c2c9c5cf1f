#pragma once

#include <optional>
#include <utility>

#include "autograd/graph/variable.h"

// How the class of an image goes into a conditional model: as columns behind the pixels or behind
// the code, 1 in the column of the class and 0 in the others. Without classes everything is as it
// was.
namespace vae::lab {

// float32 (n, classes) of integer labels (n), which lie in [0, classes).
autograd::Array one_hot(const autograd::Array& labels, int classes);

// Rows (n, columns) with those columns behind them; the rows themselves if there are no classes.
autograd::Array with_classes(const autograd::Array& rows,
                             const std::optional<autograd::Array>& labels, int classes);

// The same with the columns t, if there are any.
autograd::Variable join_classes(const autograd::Variable& rows, const autograd::Variable& t);

// What was joined: the rows and the one-hot columns, which are none without classes. Views.
std::pair<autograd::Variable, autograd::Variable> split_classes(const autograd::Variable& rows,
                                                                int classes);

// Rows less the mean of the rows of their class: what is left for a code to say once the class is
// known.
autograd::Array within_classes(const autograd::Array& rows, const autograd::Array& labels,
                               int classes);

}  // namespace vae::lab
