#include "autograd/functions/evaluation/classification_summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/index.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/support/labels.h"

namespace autograd::inline functions {
namespace {

ClassificationSummary summary(std::string_view op, const Variable& y, const Array& t,
                              const ClassificationSummaryOptions& o) {
  Check(op, {{"y", y}, {"t", t}})
      .that(is_float(y.dtype()), "y must be float32 or float64")
      .that(is_integer(t.dtype()), "t must be an array of integer labels")
      .that(labels::fits_classes(y.shape(), t.shape()),
            "t must have the shape of y without axis 1");
  const std::vector<std::int64_t> labels = t.to_vector<std::int64_t>();
  const array::PositionRange range = array::position_range(t.astype(Dtype::int64), o.ignore_label);
  if (range.count > 0 && range.least < 0)
    throw Error(
        fmt::format("{}: labels must not be negative or must be the ignored {}, but there is {}",
                    op, o.ignore_label, range.least));
  if (!o.label_num && labels.empty())
    Check(op, {{"y", y}, {"t", t}}).fail("there must be a label, or label_num must be given");
  // An ignored label counts for the number of classes, as in Chainer.
  const std::int64_t classes =
      o.label_num
          ? *o.label_num
          : length_sum(op, std::max(*std::ranges::max_element(labels), std::int64_t{-1}), 1);
  if (classes < 0)
    throw Error(fmt::format("{}: label_num must not be negative, but it is {}", op, classes));

  std::vector<std::int64_t> predictions;
  if (!labels.empty()) predictions = array::argmax(y.array(), 1).to_vector<std::int64_t>();
  Array supports = Array::zeros({classes}, Dtype::int64);
  std::int64_t* support = supports.mutable_data<std::int64_t>();
  Array precisions = Array::zeros({classes}, Dtype::float64), recalls = precisions.copy(),
        scores = precisions.copy();
  double *right = scores.mutable_data<double>(), *predicted = precisions.mutable_data<double>(),
         *recall = recalls.mutable_data<double>();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == o.ignore_label) continue;
    if (labels[i] < classes) ++support[labels[i]];
    if (predictions[i] < classes) ++predicted[predictions[i]];
    if (labels[i] == predictions[i] && labels[i] < classes) ++right[labels[i]];
  }
  const double square = o.beta * o.beta;
  for (std::int64_t c = 0; c < classes; ++c) {
    recall[c] = right[c] / static_cast<double>(support[c]);
    const double p = right[c] / predicted[c];
    predicted[c] = p;
    right[c] = (1 + square) * p * recall[c] / (square * p + recall[c]);
  }
  return {as_variable(precisions), as_variable(recalls), as_variable(scores),
          as_variable(supports)};
}

ClassificationSummary summary(std::string_view op, const Variable& y, const Array& t,
                              const ClassScoreOptions& o) {
  return summary(
      op, y, t,
      ClassificationSummaryOptions{.label_num = o.label_num, .ignore_label = o.ignore_label});
}

}  // namespace

ClassificationSummary classification_summary(const Variable& y, ArrayLike t,
                                             const ClassificationSummaryOptions& options) {
  return summary("classification_summary", y, t.array(), options);
}

ClassScore precision(const Variable& y, ArrayLike t, const ClassScoreOptions& options) {
  const ClassificationSummary all = summary("precision", y, t.array(), options);
  return {all.precision, all.support};
}

ClassScore recall(const Variable& y, ArrayLike t, const ClassScoreOptions& options) {
  const ClassificationSummary all = summary("recall", y, t.array(), options);
  return {all.recall, all.support};
}

ClassScore f1_score(const Variable& y, ArrayLike t, const ClassScoreOptions& options) {
  const ClassificationSummary all = summary("f1_score", y, t.array(), options);
  return {all.fbeta, all.support};
}

}  // namespace autograd::inline functions
