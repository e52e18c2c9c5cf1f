#pragma once

#include <optional>

#include "autograd/functions/support/function_object.h"
#include "autograd/graph/array_like.h"

// Evaluation scores, without gradients; Chainer's functions/evaluation.
namespace autograd::inline functions {

// The fraction of samples whose largest y is at the label t. y is (N, classes, ...), where further
// axes must have length 1; t holds integers (N, ...). Labels equal to ignore_label do not count; if
// all labels are ignored, the accuracy is 0.
inline constexpr struct AccuracyFunction
    : FunctionObject<AccuracyFunction, Variable(const Variable&, ArrayLike)> {
  Variable operator()(const Variable& y, ArrayLike t,
                      std::optional<std::int64_t> ignore_label = {}) const;
} accuracy;

// The fraction of elements where (y >= 0) equals the label t, which is 0 or 1, in the shape of y.
// Labels of -1 do not count.
Variable binary_accuracy(const Variable& y, ArrayLike t);

enum class MultiOutput { uniform_average, raw_values };

// The coefficient of determination, 1 - sum((pred - true)^2) / sum((true - mean(true))^2) along
// axis 0, and 0 where the divisor is 0. uniform_average averages over the outputs, raw_values
// returns each.
inline constexpr struct R2ScoreFunction : BinaryFunction<R2ScoreFunction> {
  Variable operator()(const Variable& pred, const Variable& truth,
                      MultiOutput multioutput = MultiOutput::uniform_average) const;
} r2_score;

}  // namespace autograd::inline functions
