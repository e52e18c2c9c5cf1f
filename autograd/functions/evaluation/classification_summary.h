#pragma once

#include <concepts>
#include <optional>

#include "autograd/graph/array_like.h"

// Scores of each class, without gradients; Chainer's functions/evaluation.
namespace autograd::inline functions {

// What classification_summary() returns: float64 (label_num), the support int64 (label_num).
struct ClassificationSummary {
  Variable precision, recall, fbeta, support;
};

struct ClassificationSummaryOptions {
  std::optional<std::int64_t> label_num = {};  // the number of classes; unless given, max(t) + 1
  double beta = 1;
  std::int64_t ignore_label = -1;
};

// For each class, of the samples whose label is not ignored:
//   precision   right predictions / predictions of the class
//   recall      right predictions / labels of the class
//   fbeta       (1 + beta^2) precision recall / (beta^2 precision + recall)
//   support     how many labels are of the class
// NaN where it is 0 / 0. y is (N, classes, ...), where further axes must have length 1, and the
// prediction is the class of its largest element; t holds integers (N, ...). Labels and predictions
// of `label_num` and beyond belong to no class. Errors: negative labels other than ignore_label; no
// label at all, unless label_num is given.
ClassificationSummary classification_summary(const Variable& y, ArrayLike t,
                                             const ClassificationSummaryOptions& options = {});
// By position, as Chainer: classification_summary(y, t, 10, 2).
template <std::integral I>
ClassificationSummary classification_summary(const Variable& y, ArrayLike t, I label_num,
                                             double beta = 1, std::int64_t ignore_label = -1) {
  return classification_summary(
      y, t, {.label_num = label_num, .beta = beta, .ignore_label = ignore_label});
}

// One of the scores, and the support.
struct ClassScore {
  Variable score, support;
};
struct ClassScoreOptions {
  std::optional<std::int64_t> label_num = {};
  std::int64_t ignore_label = -1;
};
ClassScore precision(const Variable& y, ArrayLike t, const ClassScoreOptions& options = {});
ClassScore recall(const Variable& y, ArrayLike t, const ClassScoreOptions& options = {});
ClassScore f1_score(const Variable& y, ArrayLike t, const ClassScoreOptions& options = {});
template <std::integral I>
ClassScore precision(const Variable& y, ArrayLike t, I label_num, std::int64_t ignore_label = -1) {
  return precision(y, t, {.label_num = label_num, .ignore_label = ignore_label});
}
template <std::integral I>
ClassScore recall(const Variable& y, ArrayLike t, I label_num, std::int64_t ignore_label = -1) {
  return recall(y, t, {.label_num = label_num, .ignore_label = ignore_label});
}
template <std::integral I>
ClassScore f1_score(const Variable& y, ArrayLike t, I label_num, std::int64_t ignore_label = -1) {
  return f1_score(y, t, {.label_num = label_num, .ignore_label = ignore_label});
}

}  // namespace autograd::inline functions
