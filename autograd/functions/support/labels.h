#pragma once

#include "autograd/array/array.h"

// What the losses and scores over classes do with integer labels. The labels are int64.
namespace autograd::labels {

// Throws `op: ...` unless every label lies in [low, high] or is the ignored one. Returns how many
// are not ignored.
std::int64_t require_between(std::string_view op, const Array& labels, std::int64_t low,
                             std::int64_t high, std::optional<std::int64_t> ignored = {});

// How many labels differ from `ignored`.
std::int64_t count_other(const Array& labels, std::int64_t ignored);

// bool (N, classes, ...) for labels (N, ...): true at each label's class.
Array one_hot(const Array& labels, std::int64_t classes);

// How many elements of a bool array are true.
std::int64_t count_true(const Array& condition);

}  // namespace autograd::labels
