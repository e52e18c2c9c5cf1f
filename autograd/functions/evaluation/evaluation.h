#pragma once

#include <optional>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"

// Scores, which have no gradient; Chainer's functions/evaluation.
namespace autograd::inline functions {

// The share of rows whose largest y stands at the label t: y is (N, classes, ...), t holds integers
// (N, ...); further axes of y must have the length 1. Labels equal to ignore_label do not count; if
// all are, the accuracy is 0.
inline constexpr struct AccuracyFunction
    : FunctionObject<AccuracyFunction, Variable(const Variable&, ArrayLike)> {
  Variable operator()(const Variable& y, ArrayLike t,
                      std::optional<std::int64_t> ignore_label = {}) const;
} accuracy;

// The share of elements where y >= 0 agrees with the label t of 0 or 1, in the shape of y. Labels
// of -1 do not count.
Variable binary_accuracy(const Variable& y, ArrayLike t);

enum class MultiOutput { uniform_average, raw_values };

// 1 - sum((pred - true)^2) / sum((true - mean(true))^2) along axis 0, 0 where the divisor is: the
// coefficient of determination. uniform_average is the mean over the outputs, raw_values gives
// each.
inline constexpr struct R2ScoreFunction : BinaryFunction<R2ScoreFunction> {
  Variable operator()(const Variable& pred, const Variable& truth,
                      MultiOutput multioutput = MultiOutput::uniform_average) const;
} r2_score;

}  // namespace autograd::inline functions
