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
  if (use_count() == 0)
    throw Error(
        fmt::format("{}: a function must be made by make_ref, but this one was not", name()));
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

Variables FunctionNode::apply(const Inputs& x) {
  check(x);
  for (FunctionHook* hook : function_hooks()) hook->forward_preprocess(*this, x);
  const Arrays arrays = forward_all(x);
  for (FunctionHook* hook : function_hooks()) hook->forward_postprocess(*this, x, arrays);
  if (config().debug)
    for (const Array& y : arrays)
      if (array::any_nan(y))
        throw Error(fmt::format("NaN is detected on forward computation of {}", label()));

  Variables outputs;
  outputs.reserve(arrays.size());
  const bool record = records(x);
  for (const Array& y : arrays) outputs.push_back(Variable::of(y, record));
  if (record) {
    link_inputs(x);
    for (const Variable& y : outputs) link_output(Ref(this), y);
  }
  return outputs;
}

Variable FunctionNode::apply_one(Ref<FunctionNode> function, const Inputs& x) {
  FunctionNode& f = *function;
  if (config().debug || hooked()) return f.apply(x)[0];
  f.check(x);
  const bool record = records(x);
  const Variable output = Variable::of(f.forward(x), record);
  if (record) {
    f.link_inputs(x);
    f.link_output(std::move(function), output);
  }
  return output;
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

void FunctionNode::link_output(Ref<FunctionNode> self, const Variable& output) {
  const int i = static_cast<int>(outputs_.size());
  outputs_.push_back(nullptr);
  output.make_first_node();
  output.node()->set_creator(std::move(self), i);
  if (i < 64 && (wanted_outputs_ >> i & 1) != 0) retain(Place::output, i, output.array());
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
  // Nobody holds the output any more, but its place in the graph is needed again.
  const auto node = make_ref<VariableNode>(y, true);
  node->set_creator(Ref(const_cast<FunctionNode*>(this)), index);
  return Variable::at(y, node);
}

bool FunctionNode::needs_grad(int input) const {
  return BackwardPass::wants(*inputs_[static_cast<std::size_t>(input)]);
}

void FunctionNode::unchain() {
  const Ref<FunctionNode> self(this);  // perhaps only its outputs hold it
  for (VariableNode* output : outputs_)
    if (output != nullptr) output->unchain();
  for (Ref<VariableNode>& input : inputs_) BackwardPass::let_go(std::move(input));
  inputs_.clear();
  release_retained();
}

void FunctionNode::release_retained() {
  if (!retained_.empty()) released_ = true;
  retained_.clear();
}

}  // namespace autograd
