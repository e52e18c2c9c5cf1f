#include "autograd/graph/function_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "autograd/array/reduce.h"
#include "autograd/graph/attributes.h"
#include "autograd/graph/backward_pass.h"
#include "autograd/graph/config.h"
#include "autograd/graph/hook.h"
#include "autograd/graph/kept.h"

namespace autograd {

FunctionNode::~FunctionNode() = default;

Attributes FunctionNode::attributes() const { return {}; }

Outputs FunctionNode::forward_all(const Inputs& x) {
  Outputs one;
  one.emplace_back_from([&] { return forward(x); });
  return one;
}
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

void FunctionNode::check(const Inputs& inputs) const {
  if (!inputs_.empty())
    throw Error(
        fmt::format("{}: a function object serves one call, but it was applied before", name()));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!inputs.variable(i))
      throw Error(fmt::format("{}: every input must be given, but input {} is none", name(), i));
}

static bool records(const Inputs& inputs) {
  if (!config().enable_backprop) return false;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs.variable(i).requires_grad()) return true;
  return false;
}

SmallVector<Variable, 1> FunctionNode::call(Ref<FunctionNode> function, const Inputs& x) {
  FunctionNode& f = *function;
  f.check(x);
  for_each_hook([&](FunctionHook& hook) { hook.forward_preprocess(f, x); });
  Outputs arrays = f.forward_all(x);
  for_each_hook([&](FunctionHook& hook) {
    hook.forward_postprocess(f, x, Arrays(arrays.begin(), arrays.end()));
  });
  if (config().debug)
    for (const Array& y : arrays)
      if (array::any_nan(y))
        throw Error(fmt::format("NaN is detected on forward computation of {}", f.label()));

  const bool record = records(x);
  if (record) f.link_inputs(x);
  SmallVector<Variable, 1> outputs;
  outputs.reserve(arrays.size());
  for (Array& array : arrays) {
    const Variable& y = outputs.emplace_back(Variable::of(std::move(array), record));
    if (record) link_output(&array == arrays.end() - 1 ? std::move(function) : function, y);
  }
  return outputs;
}

void FunctionNode::link_inputs(const Inputs& x) {
  inputs_.reserve(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    inputs_.push_back(x.variable(i).node());
    rank_ = std::max(rank_, inputs_.back()->rank);
  }
  for (std::uint64_t wanted = wanted_inputs_; wanted != 0; wanted &= wanted - 1) {
    const int i = std::countr_zero(wanted);
    retain(Place::input, i, x[static_cast<std::size_t>(i)]);
  }
}

// Defined next to its callers, so that the compiler can inline it. It runs for every output.
void VariableNode::set_creator(Ref<FunctionNode> function, int index) {
  creator_ = std::move(function);
  output_ = index;
  creator_->outputs_[static_cast<std::size_t>(index)] = this;
  rank = creator_->rank() + 1;
}

// The next output is new, so no other thread can see it.
void FunctionNode::link_output(Ref<FunctionNode> function, const Variable& output) {
  FunctionNode& f = *function;
  const int i = static_cast<int>(f.outputs_.size());
  f.outputs_.push_back(nullptr);
  auto node = make_ref<VariableNode>(output.array(), output.body_->requires_grad);
  node->variable = output.body_.get();
  node->set_creator(std::move(function), i);
  output.body_->node = std::move(node);
  if (i < 64 && (f.wanted_outputs_ >> i & 1) != 0) f.retain(Place::output, i, output.array());
}

void FunctionNode::retain(Place place, int index, const Array& array) {
  if (retained_.empty())
    retained_.reserve(
        static_cast<std::size_t>(std::popcount(wanted_inputs_) + std::popcount(wanted_outputs_)));
  retained_.push_back({place, index, array, version_of(array)});
}

const Array& FunctionNode::retained(Place place, int index) const {
  if (released_)
    throw Error(
        fmt::format("{}: a graph serves one backward pass unless it is run with retain_graph, but "
                    "this is the second",
                    name()));
  const std::string_view what = place == Place::input ? "input" : "output";
  const auto found = std::find_if(retained_.begin(), retained_.end(), [&](const Retained& r) {
    return r.place == place && r.index == index;
  });
  if (found == retained_.end())
    throw Error(fmt::format("{}: backward may use only what forward retained, but {} {} was not",
                            name(), what, index));
  if (allow_updates_) {
    const auto i = static_cast<std::size_t>(index);
    const VariableNode* node = place == Place::input ? inputs_[i].get() : outputs_[i];
    return node != nullptr && node->variable != nullptr ? node->variable->data : found->array;
  }
  if (version_of(found->array) != found->version) [[unlikely]]
    fail_on_overwritten(name(), fmt::format("{} {}, {},", what, index, describe(found->array)));
  return found->array;
}

Variable FunctionNode::retained_input(int index) const {
  return Variable::at(retained(Place::input, index), inputs_[static_cast<std::size_t>(index)]);
}

Variable FunctionNode::retained_output(int index) const {
  const Array& y = retained(Place::output, index);
  if (VariableNode* node = outputs_[static_cast<std::size_t>(index)])
    return Variable::at(y, Ref(node));
  // The program no longer holds the output, but the graph needs a node for it again.
  const auto node = make_ref<VariableNode>(y, true);
  node->set_creator(Ref(const_cast<FunctionNode*>(this)), index);
  return Variable::at(y, node);
}

bool FunctionNode::needs_grad(int input) const {
  return BackwardPass::wants(*inputs_[static_cast<std::size_t>(input)]);
}

void FunctionNode::unchain() {
  const Ref<FunctionNode> self(this);  // its outputs may be its only owners
  for (VariableNode* output : outputs_)
    if (output != nullptr) output->unchain();
  for (Ref<VariableNode>& input : inputs_) BackwardPass::keep_while_running(std::move(input));
  inputs_.clear();
  release_retained();
}

void FunctionNode::release_retained() {
  if (!retained_.empty()) released_ = true;
  retained_.clear();
}

}  // namespace autograd
