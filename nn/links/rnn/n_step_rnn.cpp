#include "nn/links/rnn/n_step_rnn.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/join.h"

namespace nn::inline links {

void RecurrentWeights::list(Members& members) {
  for (std::size_t i = 0; i < w.size(); ++i) {
    members(fmt::format("w{}", i), w[i]);
    members(fmt::format("b{}", i), b[i]);
  }
}

NStepRNNBase::NStepRNNBase(int weights, int directions, int layers, std::int64_t in_size,
                           std::int64_t units, double dropout_ratio, const NStepRNNOptions& options)
    : n_weights(weights),
      direction(directions),
      use_bi_direction(directions == 2),
      n_layers(layers),
      out_size(units),
      dropout(dropout_ratio) {
  if (n_layers < 1 || in_size < 1 || out_size < 1)
    throw autograd::Error(
        fmt::format("NStepRNN: n_layers, in_size and out_size must be at least 1, but they are {}, "
                    "{} and {}",
                    n_layers, in_size, out_size));
  constexpr int kMostLayers = 1 << 16;
  if (n_layers > kMostLayers)
    throw autograd::Error(
        fmt::format("NStepRNN: n_layers must be at most {}, but it is {}", kMostLayers, n_layers));
  autograd::length_product("NStepRNN", out_size, direction);
  if (!(dropout >= 0 && dropout < 1))
    throw autograd::Error(
        fmt::format("NStepRNN: dropout must lie in [0, 1), but it is {}", dropout));
  for (int i = 0; i < n_layers * direction; ++i) {
    RecurrentWeights layer;
    for (int j = 0; j < n_weights; ++j) {
      const std::int64_t in = j >= n_weights / 2 ? out_size
                              : i < direction    ? in_size
                                                 : out_size * direction;
      layer.w.emplace_back(options.initialW.or_else(initializers::LeCunNormal()),
                           Shape{out_size, in});
      layer.b.emplace_back(options.initial_bias.or_else(0.0), Shape{out_size});
    }
    layer.name_parameters();
    append(std::move(layer));
  }
}

NStepRNNBase::Sorted NStepRNNBase::sorted(const Variables& states,
                                          const autograd::VariableList& xs) {
  if (xs.empty())
    throw autograd::Error("NStepRNN: xs must have at least one sequence, but it is empty");
  for (const Variable& x : xs)
    autograd::Check("NStepRNN", {{"x", x}})
        .ndim(2)
        .that(x.length(0) > 0, "a sequence must have at least one step");
  std::vector<std::int32_t> order(xs.size());
  std::iota(order.begin(), order.end(), 0);
  const auto at = [](std::int32_t i) { return static_cast<std::size_t>(i); };
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t i, std::int32_t j) {
    return xs[at(i)].length(0) > xs[at(j)].length(0);
  });

  Sorted batch;
  batch.order = Array::from(std::span<const std::int32_t>(order));
  Variables sequences;
  for (const std::int32_t i : order) sequences.push_back(xs[at(i)]);
  batch.steps = autograd::transpose_sequence(sequences);
  const Shape shape{n_layers * direction, static_cast<std::int64_t>(xs.size()), out_size};
  for (const Variable& state : states) {
    if (!state) {
      batch.states.emplace_back(Array::zeros(shape, xs[0].dtype()),
                                autograd::VariableOptions{.requires_grad = false});
      continue;
    }
    if (state.shape() != shape)
      autograd::Check("NStepRNN", {{"the state", state}})
          .fail("a state must be " + to_string(shape));
    batch.states.push_back(autograd::permutate(state, batch.order, 1));
  }
  batch.ws = ws();
  batch.bs = bs();
  return batch;
}

autograd::Weights NStepRNNBase::ws() {
  autograd::Weights all;
  for (const RecurrentWeights& layer : *this) all.emplace_back(layer.w.begin(), layer.w.end());
  return all;
}
autograd::Weights NStepRNNBase::bs() {
  autograd::Weights all;
  for (const RecurrentWeights& layer : *this) all.emplace_back(layer.b.begin(), layer.b.end());
  return all;
}

Variable NStepRNNBase::in_order(const Variable& state, const Sorted& batch) {
  return autograd::permutate(state, batch.order, 1, true);
}
Variables NStepRNNBase::in_order(const Variables& steps, const Sorted& batch) {
  const Variables sequences = autograd::transpose_sequence(steps);
  const std::vector<std::int32_t> order = batch.order.to_vector<std::int32_t>();
  Variables ys(sequences.size());
  for (std::size_t i = 0; i < ys.size(); ++i) ys[static_cast<std::size_t>(order[i])] = sequences[i];
  return ys;
}

autograd::NStepLSTM NStepLSTMBase::operator()(const Variable& hx, const Variable& cx,
                                              const autograd::VariableList& xs) {
  const auto forward = [&]() -> autograd::NStepLSTM {
    const Sorted s = sorted({hx, cx}, xs);
    const auto f = use_bi_direction ? autograd::n_step_bilstm : autograd::n_step_lstm;
    const auto [hy, cy, ys] = f(n_layers, dropout, s.states[0], s.states[1], s.ws, s.bs, s.steps);
    return {in_order(hy, s), in_order(cy, s), in_order(ys, s)};
  };
  return hooked(forward, hx, cx, xs);
}

autograd::NStepRNN NStepGRUBase::operator()(const Variable& hx, const autograd::VariableList& xs) {
  const auto forward = [&]() -> autograd::NStepRNN {
    const Sorted s = sorted({hx}, xs);
    const auto f = use_bi_direction ? autograd::n_step_bigru : autograd::n_step_gru;
    const auto [hy, ys] = f(n_layers, dropout, s.states[0], s.ws, s.bs, s.steps);
    return {in_order(hy, s), in_order(ys, s)};
  };
  return hooked(forward, hx, xs);
}

autograd::NStepRNN NStepPlainRNNBase::operator()(const Variable& hx,
                                                 const autograd::VariableList& xs) {
  const auto forward = [&]() -> autograd::NStepRNN {
    const Sorted s = sorted({hx}, xs);
    const auto f = use_bi_direction ? autograd::n_step_birnn : autograd::n_step_rnn;
    const auto [hy, ys] = f(n_layers, dropout, s.states[0], s.ws, s.bs, s.steps, activation_);
    return {in_order(hy, s), in_order(ys, s)};
  };
  return hooked(forward, hx, xs);
}

}  // namespace nn::inline links
