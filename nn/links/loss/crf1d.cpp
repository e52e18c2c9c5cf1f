#include "nn/links/loss/crf1d.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "autograd/base/check.h"
#include "autograd/functions/array/join.h"

namespace nn::inline links {
namespace {

// The numbers of the sequences, the longest first.
std::vector<std::size_t> by_length(const autograd::VariableList& xs) {
  for (const Variable& x : xs)
    autograd::Check("CRF1d", {{"x", x}})
        .that(x.ndim() > 0, "a sequence must have an axis of steps");
  std::vector<std::size_t> order(xs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return xs[i].length(0) > xs[j].length(0); });
  return order;
}

// The steps of sequences in this order.
Variables steps_of(const autograd::VariableList& sequences, const std::vector<std::size_t>& order) {
  Variables sorted;
  for (const std::size_t i : order) sorted.push_back(sequences[i]);
  return autograd::transpose_sequence(sorted);
}

}  // namespace

CRF1d::CRF1d(std::int64_t n_label, const Initializer& initial_cost)
    : cost(initial_cost.or_else(0.0)) {
  if (n_label < 1)
    throw autograd::Error(fmt::format("CRF1d: n_label must be at least 1, but it is {}", n_label));
  autograd::length_product("CRF1d", n_label, n_label);
  cost.initialize({n_label, n_label});
  name_parameters();
}

Variable CRF1d::operator()(const autograd::VariableList& xs, const autograd::VariableList& ys,
                           autograd::Reduce reduce, bool transpose) {
  const auto forward = [&] {
    if (!transpose) return autograd::crf1d(cost, xs, ys, reduce);
    if (xs.size() != ys.size())
      throw autograd::Error(
          fmt::format("CRF1d: there must be labels for each sequence, but there are {} sequences "
                      "and {} of labels",
                      xs.size(), ys.size()));
    const std::vector<std::size_t> order = by_length(xs);
    return autograd::crf1d(cost, steps_of(xs, order), steps_of(ys, order), reduce);
  };
  return hooked(forward, xs, ys);
}

autograd::CrfPath CRF1d::argmax(const autograd::VariableList& xs, bool transpose) {
  if (!transpose) return autograd::argmax_crf1d(cost, xs);
  const std::vector<std::size_t> order = by_length(xs);
  const autograd::CrfPath steps = autograd::argmax_crf1d(cost, steps_of(xs, order));
  autograd::CrfPath result{steps.score, autograd::Arrays(order.size())};
  const Variables sequences = autograd::transpose_sequence(steps.path);
  for (std::size_t i = 0; i < sequences.size(); ++i) result.path[order[i]] = sequences[i].array();
  return result;
}

}  // namespace nn::inline links
