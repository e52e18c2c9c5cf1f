#pragma once

#include "autograd/array/array.h"

// Helpers for integer labels, shared by losses and scores over classes. The labels are int64.
namespace autograd::labels {

// Throws `op: ...` unless every label is in [low, high] or equals the ignored label. Returns the
// number of labels that are not ignored.
std::int64_t require_between(std::string_view op, const Array& labels, std::int64_t low,
                             std::int64_t high, std::optional<std::int64_t> ignored = {});

// Whether labels of this shape (N, ...) are one for each argmax(y, 1) of scores y (N, classes, ...);
// further axes of y must have length 1.
bool fits_classes(const Shape& y, const Shape& labels);

// How many labels differ from `ignored`.
std::int64_t count_other(const Array& labels, std::int64_t ignored);

// bool (N, classes, ...) for labels (N, ...): true at each label's class.
Array one_hot(const Array& labels, std::int64_t classes);

// How many elements of a bool array are true.
std::int64_t count_true(const Array& condition);

}  // namespace autograd::labels
