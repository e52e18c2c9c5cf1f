#include "autograd/graph/function_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "autograd/array/reduce.h"
#include "autograd/graph/backward_pass.h"
#include "autograd/graph/config.h"
#include "autograd/graph/hook.h"

namespace autograd {

FunctionNode::~FunctionNode() = default;

Array FunctionNode::forward(const Inputs&) {
  throw Error(fmt::format(
      "{}: a function must override forward() or forward_all(), but it overrides neither", name()));
}

Grads FunctionNode::backward(const Variable&) {
  throw Error(fmt::format(
      "{}: a function must override backward() or backward_all(), but it overrides neither",
      name()));
}

static std::uint64_t bits(std::initializer_list<int> indexes) {
  std::uint64_t result = 0;
  for (const int i : indexes) result |= std::uint64_t{1} << i;
  return result;
}

void FunctionNode::retain_inputs(std::initializer_list<int> indexes) {
  wanted_inputs_ = bits(indexes);
}
void FunctionNode::retain_outputs(std::initializer_list<int> indexes) {
  wanted_outputs_ = bits(indexes);
}

void FunctionNode::check(std::span<const Variable> inputs) const {
  if (!inputs_.empty())
    throw Error(
        fmt::format("{}: a function object serves one call, but it was applied before", name()));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i])
      throw Error(fmt::format("{}: every input must be given, but input {} is none", name(), i));
}

static bool records(std::span<const Variable> inputs) {
  return config().enable_backprop &&
         std::any_of(inputs.begin(), inputs.end(),
                     [](const Variable& v) { return v.requires_grad(); });
}

Variables FunctionNode::apply(std::span<const Variable> inputs) {
  check(inputs);
  const Inputs x(inputs);
  for (FunctionHook* hook : function_hooks()) hook->forward_preprocess(*this, x);
  const Arrays arrays = forward_all(x);
  for (FunctionHook* hook : function_hooks()) hook->forward_postprocess(*this, x, arrays);
  if (config().debug)
    for (const Array& y : arrays)
      if (array::any_nan(y))
        throw Error(fmt::format("NaN is detected on forward computation of {}", label()));

  Variables outputs;
  outputs.reserve(arrays.size());
  const bool record = records(inputs);
  for (const Array& y : arrays) outputs.emplace_back(y, Variable::Options{.requires_grad = record});
  if (record) link(inputs, arrays, outputs);
  return outputs;
}

Variable FunctionNode::apply_one(std::span<const Variable> inputs) {
  if (config().debug || !function_hooks().empty()) return apply(inputs)[0];
  check(inputs);
  const Array array = forward(Inputs(inputs));
  const bool record = records(inputs);
  Variable output(array, {.requires_grad = record});
  if (record) link(inputs, {&array, 1}, {&output, 1});
  return output;
}

void FunctionNode::link(std::span<const Variable> inputs, std::span<const Array> arrays,
                        std::span<const Variable> outputs) {
  inputs_.reserve(inputs.size());
  for (const Variable& v : inputs) {
    inputs_.push_back(v.node());
    rank_ = std::max(rank_, inputs_.back()->rank);
  }
  outputs_.reserve(outputs.size());
  for (const Variable& v : outputs) {
    const auto& node = v.node();
    node->creator = shared_from_this();
    node->rank = rank_ + 1;
    outputs_.push_back(node);
  }
  const auto keep = [](List<Retained>& kept, std::uint64_t wanted, const auto& array_of) {
    kept.reserve(static_cast<std::size_t>(std::popcount(wanted)));
    for (; wanted != 0; wanted &= wanted - 1) {
      const int i = std::countr_zero(wanted);
      const Array& a = array_of(static_cast<std::size_t>(i));
      kept.push_back({i, a, a.storage()->version()});
    }
  };
  keep(retained_inputs_, wanted_inputs_,
       [&](std::size_t i) -> const Array& { return inputs[i].array(); });
  keep(retained_outputs_, wanted_outputs_,
       [&](std::size_t i) -> const Array& { return arrays[i]; });
}

const Array& FunctionNode::checked(const Retained& retained, std::string_view what) const {
  if (retained.array.storage()->version() != retained.version)
    throw Error(
        fmt::format("{}: what backward needs must stay as it was in forward, but {} {}, {}, was "
                    "overwritten since",
                    name(), what, retained.index, describe(retained.array)));
  return retained.array;
}

const FunctionNode::Retained* FunctionNode::find(std::span<const Retained> kept, int index,
                                                 std::string_view what) const {
  if (released_)
    throw Error(
        fmt::format("{}: a graph serves one backward pass unless it is run with retain_graph, but "
                    "this is the second",
                    name()));
  for (const Retained& r : kept)
    if (r.index == index) return &r;
  throw Error(fmt::format("{}: backward may use only what forward retained, but {} {} was not",
                          name(), what, index));
}

Variable FunctionNode::retained_input(int index) const {
  return Variable::at(checked(*find(retained_inputs_, index, "input"), "input"),
                      inputs_[static_cast<std::size_t>(index)]);
}

Variable FunctionNode::retained_output(int index) const {
  const Array& y = checked(*find(retained_outputs_, index, "output"), "output");
  std::shared_ptr<VariableNode> node = outputs_[static_cast<std::size_t>(index)].lock();
  if (!node) {  // nobody holds the output any more, but its place in the graph is needed again
    node = pool::make_shared<VariableNode>(y, true);
    auto& self = const_cast<FunctionNode&>(*this);
    node->creator = self.shared_from_this();
    node->rank = rank_ + 1;
    self.outputs_[static_cast<std::size_t>(index)] = node;
  }
  return Variable::at(y, node);
}

bool FunctionNode::needs_grad(int input) const {
  return BackwardPass::wants(*inputs_[static_cast<std::size_t>(input)]);
}

void FunctionNode::unchain() {
  for (const auto& output : outputs_)
    if (const auto node = output.lock()) node->creator = nullptr;
  inputs_.clear();
  release_retained();
}

void FunctionNode::release_retained() {
  if (!retained_inputs_.empty() || !retained_outputs_.empty()) released_ = true;
  retained_inputs_.clear();
  retained_outputs_.clear();
}

}  // namespace autograd
