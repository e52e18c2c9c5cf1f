#include "autograd/functions/loss/ctc.h"

#include <fmt/format.h>

#include "autograd/array/compare.h"
#include "autograd/array/index.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/select.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/functions/support/labels.h"

namespace autograd::inline functions {
namespace {

// The logarithm of what is impossible. Not -inf, whose differences are NaN.
constexpr double kImpossible = -1e10;

// Lengths (N), int64, of what has at most `most`; all of it if none are given.
Array lengths(std::string_view name, const Array& given, std::int64_t n, std::int64_t least,
              std::int64_t most) {
  constexpr std::string_view op = "connectionist_temporal_classification";
  if (!given) return Array::full({n}, static_cast<double>(most), Dtype::int64);
  Check(op, {{name, given}})
      .that(is_integer(given.dtype()) && given.shape() == Shape{n},
            "lengths must be an integer for each sequence");
  Array all = given.astype(Dtype::int64);
  const array::PositionRange range = array::position_range(all);
  if (range.count > 0 && (range.least < least || range.greatest > most))
    throw Error(fmt::format("{}: each {} must lie in [{}, {}], but there is {}", op, name, least,
                            most, range.least < least ? range.least : range.greatest));
  return all;
}

}  // namespace

Variable connectionist_temporal_classification(const VariableList& x, ArrayLike given,
                                               std::int64_t blank_symbol, const CtcOptions& o) {
  constexpr std::string_view op = "connectionist_temporal_classification";
  const Array& t = given.array();
  if (o.reduce != Reduce::mean && o.reduce != Reduce::no)
    throw Error(fmt::format("{}: reduce must be mean or no, but it is {}", op, name(o.reduce)));
  if (x.empty()) throw Error(fmt::format("{}: there must be a step, but there is none", op));
  for (const Variable& step : x)
    Check(op, {{"x", step}, {"the first step", x[0]}}).floats().same_shape().ndim(2);
  const std::int64_t n = x[0].length(0), symbols = x[0].length(1);
  const auto steps = static_cast<std::int64_t>(x.size());
  Check(op, {{"x", x[0]}, {"t", t}})
      .that(is_integer(t.dtype()) && t.ndim() == 2 && t.length(0) == n,
            "t must hold integer labels for each row of x");
  if (blank_symbol < 0 || blank_symbol >= symbols)
    throw Error(fmt::format("{}: blank_symbol must lie in [0, {}), but it is {}", op, symbols,
                            blank_symbol));
  const std::int64_t most = t.length(1), states = length_sum(op, length_product(op, 2, most), 1);
  const Array input_length = lengths("input_length", o.input_length, n, 1, steps),
              label_length = lengths("label_length", o.label_length, n, 0, most);

  // The states: a blank before, between and behind the labels. Labels that do not count may be
  // anything.
  const Array counts = array::greater(label_length.expand_dims(1), Array::arange(most));
  const Array blank = Array::full({}, static_cast<double>(blank_symbol), Dtype::int64);
  const Array labels = array::where(counts, t.astype(Dtype::int64), blank);
  labels::require_between(op, labels, 0, symbols - 1);
  Array path = Array::full({n, states}, static_cast<double>(blank_symbol), Dtype::int64);
  if (most > 0) path.slice(1, 1, most, 2).assign(labels);

  const Dtype dtype = x[0].dtype();
  const Variable impossible = as_variable(Array::full({}, kImpossible, dtype));
  // The logarithm of the probability of each state's symbol at each step: (steps, N, states).
  const Variable log_p = maximum(log_softmax(stack(x), 2), impossible);
  const Variables of_states =
      separate(get_item(log_p, {Slice(), Array::arange(n).expand_dims(1), path}), 0);

  // A state is reached from itself, from the one before, and from the one before that where the blank
  // between two different labels may be left out.
  Array skips = Array::zeros({n, states}, Dtype::bool_);
  if (most > 0)
    skips.slice(1, 2, states - 2)
        .assign(array::not_equal(path.slice(1, 2, states - 2), path.slice(1, 0, states - 2)));
  const Variable before = as_variable(Array::full({n, 2}, kImpossible, dtype));
  Array start = Array::full({n, states}, kImpossible, dtype);
  start.slice(1, 0, 1).fill(0);
  Variable alpha = as_variable(start);
  for (std::int64_t i = 0; i < steps; ++i) {
    const Variable padded = concat({before, alpha}, 1);
    const Variable from_before = get_item(padded, {Slice(), Slice(1, states + 1)}),
                   from_label =
                       where(skips, get_item(padded, {Slice(), Slice(0, states)}), impossible);
    const Variable next = logsumexp(stack({alpha, from_before, from_label}), 0) +
                          of_states[static_cast<std::size_t>(i)];
    const Array going_on = array::greater(input_length, Array::scalar(i));
    alpha = array::all(going_on) ? next : where(going_on.expand_dims(1), next, alpha);
  }
  // The last label, or the blank behind it.
  const Array last = (label_length * 2).expand_dims(1), state = Array::arange(states);
  const Array is_last =
      array::logical_and(array::greater_equal(last, state), array::greater_equal(state, last - 1));
  const Variable loss = -logsumexp(where(is_last, alpha, impossible), 1);
  return o.reduce == Reduce::no ? loss : sum(loss) / static_cast<double>(n);
}

}  // namespace autograd::inline functions
