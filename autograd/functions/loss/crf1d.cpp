#include "autograd/functions/loss/crf1d.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "autograd/array/index.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"

namespace autograd::inline functions {
namespace {

void check_steps(std::string_view op, const Variable& cost, const VariableList& xs) {
  if (xs.empty()) throw Error(fmt::format("{}: there must be a step, but there is none", op));
  Check(op, {{"cost", cost}})
      .floats()
      .that(cost.ndim() == 2 && cost.length(0) == cost.length(1) && cost.length(0) > 0,
            "cost must be (labels, labels) with at least one label");
  for (std::size_t t = 0; t < xs.size(); ++t)
    Check(op, {{"cost", cost}, {"x", xs[t]}})
        .floats()
        .that(xs[t].ndim() == 2 && xs[t].length(1) == cost.length(0),
              "each step must be (sequences, labels)")
        .that(t == 0 || xs[t].length(0) <= xs[t - 1].length(0),
              "a step must not have more sequences than the one before");
}

// What belongs to sequences that run, row by row. When some end, their rows are put aside; in the
// end all are put back into the order of the sequences.
class Running {
 public:
  explicit Running(const Variable& rows) : rows_(rows) {}

  const Variable& rows() const { return rows_; }
  void set(const Variable& rows) { rows_ = rows; }
  // Lets all but the first `count` sequences end.
  void keep(std::int64_t count) {
    if (count == rows_.length(0)) return;
    const Variables parts = split_axis(rows_, {count}, 0);
    rows_ = parts[0];
    ended_.push_back(parts[1]);
  }
  Variable all() {
    if (ended_.empty()) return rows_;
    ended_.push_back(rows_);
    std::ranges::reverse(ended_);
    return concat(ended_, 0);
  }

 private:
  Variable rows_;
  Variables ended_;  // those that ended first come first
};

}  // namespace

Variable crf1d(const Variable& cost, const VariableList& xs, const VariableList& ys,
               Reduce reduce) {
  constexpr std::string_view op = "crf1d";
  if (reduce != Reduce::mean && reduce != Reduce::no)
    throw Error(fmt::format("{}: reduce must be mean or no, but it is {}", op, name(reduce)));
  check_steps(op, cost, xs);
  if (ys.size() != xs.size())
    throw Error(fmt::format("{}: there must be labels for each of the {} steps, but there are {}",
                            op, xs.size(), ys.size()));
  const std::int64_t classes = cost.length(0);
  std::vector<Array> labels;
  for (std::size_t t = 0; t < xs.size(); ++t) {
    Check(op, {{"x", xs[t]}, {"y", ys[t]}})
        .that(is_integer(ys[t].dtype()) && ys[t].ndim() == 1 && ys[t].length(0) == xs[t].length(0),
              "y must hold one integer label for each row of x");
    labels.push_back(ys[t].array().astype(Dtype::int64));
    labels::require_between(op, labels.back(), 0, classes - 1);
  }

  // The logarithm of the sum of e^score over all labels up to a step, by the last of them.
  Running alpha(xs[0]), score(select_item(xs[0], labels[0]));
  for (std::size_t t = 1; t < xs.size(); ++t) {
    const std::int64_t count = xs[t].length(0);
    alpha.keep(count), score.keep(count);
    alpha.set(logsumexp(expand_dims(alpha.rows(), 2) + cost, 1) + xs[t]);
    const Array before = labels[t - 1].slice(0, 0, count);
    score.set(score.rows() + select_item(xs[t], labels[t]) + get_item(cost, {before, labels[t]}));
  }
  const Variable loss = logsumexp(alpha.all(), 1) - score.all();
  return reduce == Reduce::no ? loss : sum(loss) / static_cast<double>(xs[0].length(0));
}

CrfPath argmax_crf1d(const Variable& cost, const VariableList& xs) {
  check_steps("argmax_crf1d", cost, xs);
  const auto count = [&](std::size_t t) { return xs[t].length(0); };
  // The greatest score up to a step, by the last label; and by which label before it is reached.
  // alphas[t] has all sequences of step t.
  std::vector<Variable> alphas{xs[0]};
  Arrays before{Array()};
  for (std::size_t t = 1; t < xs.size(); ++t) {
    const Variable rows = get_item(alphas.back(), Slice(0, count(t)));
    const Variable scores = expand_dims(rows, 2) + cost;
    before.push_back(array::argmax(scores.array(), 1).astype(Dtype::int64));
    alphas.push_back(autograd::max(scores, 1) + xs[t]);
  }

  // Back from the last step: sequences that end at step t begin there.
  CrfPath best;
  best.path.resize(xs.size());
  Variables scores;
  Array labels;
  for (std::size_t t = xs.size(); t-- > 0;) {
    const std::int64_t going_on = t + 1 < xs.size() ? count(t + 1) : 0;
    Array here = Array::empty({count(t)}, Dtype::int64);
    if (going_on > 0)
      here.slice(0, 0, going_on)
          .assign(array::get_item(before[t + 1], {Array::arange(going_on), labels}));
    if (going_on < count(t)) {
      const Variable ending = get_item(alphas[t], Slice(going_on, count(t)));
      here.slice(0, going_on, count(t) - going_on).assign(array::argmax(ending.array(), 1));
      scores.push_back(autograd::max(ending, 1));
    }
    best.path[t] = here.astype(Dtype::int32);
    labels = here;
  }
  best.score = scores.empty()       ? as_variable(Array::zeros({0}, cost.dtype()))
               : scores.size() == 1 ? scores[0]
                                    : concat(scores, 0);
  return best;
}

}  // namespace autograd::inline functions
