#include "nn/links/rnn/tree_lstm.h"

#include <fmt/format.h>

#include <string_view>

#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/math/basic_math.h"

namespace nn::inline links {
namespace {

// What a node is given, with zeros in the place of what is null.
struct Node {
  Variables cs, hs;
  Variable x;
};

Node node_of(std::string_view link, const Variables& all, const Size& in_size,
             std::int64_t state_size) {
  if (all.size() % 2 != 1)
    throw autograd::Error(fmt::format(
        "{}: the arguments must be as many c as h, and x, but there are {}", link, all.size()));
  const Variable* given = nullptr;  // x, or the first that is not null
  for (const Variable& each : all)
    if (each && !given) given = &each;
  if (all.back()) given = &all.back();
  if (!given)
    throw autograd::Error(
        fmt::format("{}: one of the arguments must be given, but all are None", link));
  autograd::Check(link, {{"an argument", *given}}).that(given->ndim() > 0, "it must have rows");
  if (!all.back() && !in_size.is_known())
    throw autograd::Error(
        fmt::format("{}: x must be given where in_size is None, but it is None, too", link));
  const auto zeros = [&](std::int64_t size) {
    return autograd::as_variable(Array::zeros({given->length(0), size}, given->dtype()));
  };
  Node node;
  const std::size_t n = all.size() / 2;
  for (std::size_t i = 0; i < n; ++i) {
    node.cs.push_back(all[i] ? all[i] : zeros(state_size));
    node.hs.push_back(all[n + i]);
  }
  node.x = all.back() ? all.back() : zeros(*in_size);
  return node;
}

std::int64_t gates_size(std::string_view link, std::int64_t gates, std::int64_t out_size) {
  if (out_size < 1)
    throw autograd::Error(
        fmt::format("{}: out_size must be at least 1, but it is {}", link, out_size));
  return autograd::length_product(link, gates, out_size);
}

}  // namespace

ChildSumTreeLSTM::ChildSumTreeLSTM(Size in, std::int64_t out)
    : in_size(in),
      state_size(out),
      W_x(in, gates_size("ChildSumTreeLSTM", 4, out)),
      W_h_aio(out, 3 * out, {.nobias = true}),
      W_h_f(out, out, {.nobias = true}) {}

autograd::CellAndOutput ChildSumTreeLSTM::operator()(const Variables& cs_hs_x) {
  return hooked([&] { return step(cs_hs_x); }, cs_hs_x);
}

autograd::CellAndOutput ChildSumTreeLSTM::step(const Variables& cs_hs_x) {
  Node node = node_of("ChildSumTreeLSTM", cs_hs_x, in_size, state_size);
  const Variables of_x = autograd::split_axis(W_x(node.x), {3 * state_size}, 1);
  if (node.hs.empty()) {
    const Variables aio = autograd::split_axis(of_x[0], 3, 1);
    const Variable c = autograd::sigmoid(aio[1]) * autograd::tanh(aio[0]);
    return {c, autograd::sigmoid(aio[2]) * autograd::tanh(c)};
  }
  for (Variable& h : node.hs)
    if (!h) h = autograd::as_variable(Array::zeros({node.x.length(0), state_size}, node.x.dtype()));
  Variable sum = node.hs[0];
  for (std::size_t i = 1; i < node.hs.size(); ++i) sum = sum + node.hs[i];
  Variables gates{W_h_aio(sum) + of_x[0]};
  for (const Variable& h : node.hs) gates.push_back(W_h_f(h) + of_x[1]);
  Variables all = node.cs;
  all.push_back(autograd::concat(gates, 1));
  return autograd::tree_lstm(all);
}

NaryTreeLSTM::NaryTreeLSTM(Size in, std::int64_t out, int n)
    : in_size(in),
      state_size(out),
      n_ary(n),
      W_x(in, gates_size("NaryTreeLSTM", 3 + std::int64_t{n}, out)) {
  constexpr int kMost = 1 << 16;
  if (n_ary < 1 || n_ary > kMost)
    throw autograd::Error(
        fmt::format("NaryTreeLSTM: n_ary must lie in [1, {}], but it is {}", kMost, n_ary));
  for (int i = 0; i < n_ary; ++i)
    W_h.emplace_back(state_size, (3 + std::int64_t{n_ary}) * state_size,
                     LinearOptions{.nobias = true});
}

void NaryTreeLSTM::list(Members& members) {
  members("W_x", W_x);
  for (std::size_t i = 0; i < W_h.size(); ++i) members(fmt::format("W_h{}", i + 1), W_h[i]);
}

autograd::CellAndOutput NaryTreeLSTM::operator()(const Variables& cs_hs_x) {
  return hooked([&] { return step(cs_hs_x); }, cs_hs_x);
}

autograd::CellAndOutput NaryTreeLSTM::step(const Variables& cs_hs_x) {
  if (cs_hs_x.size() != 2 * W_h.size() + 1)
    throw autograd::Error(
        fmt::format("NaryTreeLSTM: there must be {} c, {} h, and x, but there are {} arguments",
                    n_ary, n_ary, cs_hs_x.size()));
  const Node node = node_of("NaryTreeLSTM", cs_hs_x, in_size, state_size);
  Variable gates = W_x(node.x);
  for (std::size_t i = 0; i < W_h.size(); ++i)
    if (node.hs[i]) gates = gates + W_h[i](node.hs[i]);
  Variables all = node.cs;
  all.push_back(gates);
  return autograd::tree_lstm(all);
}

}  // namespace nn::inline links
