#include "autograd/functions/evaluation/evaluation.h"

#include "autograd/array/compare.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"
#include "autograd/graph/config.h"

namespace autograd::inline functions {
namespace {

Variable ratio(std::int64_t count, std::int64_t total, Dtype dtype) {
  return as_variable(Array::full(
      {}, total == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(total), dtype));
}

}  // namespace

Variable AccuracyFunction::operator()(const Variable& y, ArrayLike given,
                                      std::optional<std::int64_t> ignore_label) const {
  const Array& t = given.array();
  Check("accuracy", {{"y", y}, {"t", t}})
      .that(is_float(y.dtype()), "y must be float32 or float64")
      .that(is_integer(t.dtype()), "t must be an array of integer labels")
      .that(labels::fits_classes(y.shape(), t.shape()),
            "t must have the shape of y without axis 1");
  const Array labels = t.astype(Dtype::int64);
  if (labels.size() == 0) return ratio(0, 0, y.dtype());
  Array right = array::equal(
      array::argmax(y.array(), 1).astype(Dtype::int64).reshape(labels.shape()), labels);
  std::int64_t total = labels.size();
  if (ignore_label) {
    const Array counts = array::not_equal(labels, Array::scalar(*ignore_label));
    right = array::logical_and(right, counts);
    total = labels::count_true(counts);
  }
  return ratio(labels::count_true(right), total, y.dtype());
}

Variable binary_accuracy(const Variable& y, ArrayLike given) {
  const Array& t = given.array();
  Check("binary_accuracy", {{"y", y}, {"t", t}})
      .that(is_float(y.dtype()), "y must be float32 or float64")
      .that(is_integer(t.dtype()), "t must be an array of integer labels")
      .same_shape();
  const Array labels = t.astype(Dtype::int64);
  const Array positive = array::greater_equal(y.array(), Array::full({}, 0, y.dtype()));
  const Array right = array::equal(positive.astype(Dtype::int64), labels);
  return ratio(labels::count_true(right), labels::count_other(labels, -1), y.dtype());
}

Variable R2ScoreFunction::operator()(const Variable& pred, const Variable& truth,
                                     MultiOutput multioutput) const {
  Check("r2_score", {{"pred", pred}, {"true", truth}})
      .floats()
      .same_shape()
      .that(pred.ndim() >= 1, "pred and true must have at least 1 axis");
  const auto no_graph = no_backprop_mode();
  const Variable mean = sum(truth, 0, true) / static_cast<double>(truth.length(0));
  const Variable residual = sum(square(pred - truth), 0), total = sum(square(truth - mean), 0);
  const Variable none = as_variable(Array::full({}, 0, truth.dtype()));
  const Condition varies = total > none;
  const Variable score = select(varies, 1 - residual / select(varies, total, 1), 0);
  return multioutput == MultiOutput::raw_values ? score
                                                : sum(score) / static_cast<double>(score.size());
}

}  // namespace autograd::inline functions
