#include "autograd/graph/backward_pass.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"
#include "autograd/graph/hook.h"

namespace autograd {
namespace {

thread_local const BackwardPass::Wanted* current = nullptr;

struct CurrentScope {
  explicit CurrentScope(const BackwardPass::Wanted& wanted)
      : before(std::exchange(current, &wanted)) {}
  ~CurrentScope() { current = before; }
  const BackwardPass::Wanted* before;
};

// Gradients that meet at one variable.
class AddGradients final : public FunctionNode {
  std::string_view name() const override { return "add"; }
  std::string label() const override { return "_ + _"; }
  Array forward(const Inputs& x) override { return map(ops::Add{}, x[0], x[1]); }
  Grads backward(const Variable& gy) override { return {gy, gy}; }
};

Variable ones_like(const Variable& y) { return Array::full(y.shape(), 1, y.dtype()); }

bool lower(const std::shared_ptr<FunctionNode>& a, const std::shared_ptr<FunctionNode>& b) {
  return a->rank() < b->rank();
}

// Leaves the gradient in the variable that the user holds, on top of what is there.
void deposit(const VariableNode& node, const Variable& gradient, bool replace) {
  const std::shared_ptr<VariableBody> body = node.variable.lock();
  if (!body || !gradient) return;
  body->grad = body->grad && !replace ? apply<AddGradients>({body->grad, gradient}) : gradient;
}

}  // namespace

bool BackwardPass::wants(const VariableNode& node) {
  if (!node.requires_grad) return false;
  return current ? (*current)(node) : true;
}

void BackwardPass::seed(const Variable& output, const Variable& gradient) {
  roots_.push_back(output.node());
  add(output.node(), gradient);
}

void BackwardPass::add(const std::shared_ptr<VariableNode>& node, const Variable& gradient) {
  Variable& sum = gradients_[node.get()];
  const bool first = !sum;
  sum = first ? gradient : apply<AddGradients>({sum, gradient});
  if (node->creator) {
    if (!first) return;
    FunctionNode& f = *node->creator;
    if (f.outputs_.size() > 1 && !seen_.insert(&f).second) return;
    queue_.push_back(node->creator);
    std::push_heap(queue_.begin(), queue_.end(), lower);
  } else if (first) {
    leaves_.push_back(node);
  }
}

Variables BackwardPass::output_gradients(const FunctionNode& f) {
  Variables gys;
  gys.reserve(f.outputs_.size());
  for (const auto& weak : f.outputs_) {
    Variable gy;
    if (const auto node = weak.lock()) {
      if (const auto found = gradients_.find(node.get()); found != gradients_.end()) {
        gy = std::move(found->second);
        gradients_.erase(found);
      }
      if (const auto kept = kept_.find(node.get()); kept != kept_.end()) kept->second = gy;
      const bool root =
          std::any_of(roots_.begin(), roots_.end(), [&](const auto& r) { return r == node; });
      if (options_.retain_grad && !root) deposit(*node, gy, true);
    }
    gys.push_back(std::move(gy));
  }
  return gys;
}

void BackwardPass::call(FunctionNode& f) {
  const Variables gys = output_gradients(f);
  if (std::none_of(f.inputs_.begin(), f.inputs_.end(),
                   [](const auto& input) { return wants(*input); }))
    return;
  for (FunctionHook* hook : function_hooks()) hook->backward_preprocess(f, gys);
  const Grads gxs = f.backward_all(gys);
  for (FunctionHook* hook : function_hooks()) hook->backward_postprocess(f, gys, gxs);
  if (gxs.size() != f.inputs_.size())
    throw Error(fmt::format(
        "{}: backward must return one gradient for each input, but it returned {} for {}", f.name(),
        gxs.size(), f.inputs_.size()));
  for (std::size_t i = 0; i < gxs.size(); ++i) {
    const std::shared_ptr<VariableNode>& input = f.inputs_[i];
    if (!gxs[i] || !wants(*input)) continue;
    if (gxs[i].shape() != input->shape || gxs[i].dtype() != input->dtype)
      throw Error(
          fmt::format("{}: a gradient must have the shape and dtype of its input, but input {} is "
                      "{}{} and its gradient {}",
                      f.name(), i, autograd::name(input->dtype), to_string(input->shape),
                      describe(gxs[i].array())));
    if (config().debug && array::any_nan(gxs[i].array()))
      throw Error(fmt::format("NaN is detected on backward computation of {}", f.label()));
    add(input, gxs[i]);
  }
  if (!options_.retain_graph && !options_.create_graph) f.release_retained();
}

void BackwardPass::run() {
  const ConfigScope recording = using_config(&Config::enable_backprop, options_.create_graph);
  const CurrentScope scope(wanted_);
  while (!queue_.empty()) {
    std::pop_heap(queue_.begin(), queue_.end(), lower);
    const std::shared_ptr<FunctionNode> f = std::move(queue_.back());
    queue_.pop_back();
    call(*f);
  }
}

Variable BackwardPass::take(const VariableNode& node) {
  if (const auto kept = kept_.find(&node); kept != kept_.end() && kept->second) return kept->second;
  const auto found = gradients_.find(&node);
  return found == gradients_.end() ? Variable() : found->second;
}

void Variable::backward(const BackwardOptions& options) const {
  if (!grad_var()) {
    if (size() != 1)
      Check("backward", {{"y", *this}})
          .fail("a variable of more than one element must be given its gradient first (set_grad)");
    body().grad = ones_like(*this);
  }
  if (!creator()) return;
  BackwardPass pass(
      {.create_graph = options.enable_double_backprop,
       .retain_graph = options.retain_graph,
       .retain_grad = options.retain_grad},
      [](const VariableNode& node) { return node.creator || !node.variable.expired(); });
  pass.seed(*this, grad_var());
  pass.run();
  const ConfigScope recording =
      using_config(&Config::enable_backprop, options.enable_double_backprop);
  for (const auto& leaf : pass.leaves()) deposit(*leaf, pass.take(*leaf), false);
}

// The nodes from which a path leads down to one of `targets`, found from the bottom up.
static std::unordered_set<const VariableNode*> nodes_above(const Variables& outputs,
                                                           const Variables& targets) {
  std::vector<std::shared_ptr<FunctionNode>> functions;
  std::unordered_set<const FunctionNode*> seen;
  const auto visit_creator = [&](const std::shared_ptr<FunctionNode>& f) {
    if (f && seen.insert(f.get()).second) functions.push_back(f);
  };
  for (const Variable& y : outputs) visit_creator(y.creator());
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const std::shared_ptr<FunctionNode> f = functions[i];  // push_back moves the vector's elements
    for (const auto& input : f->inputs()) visit_creator(input->creator);
  }
  std::sort(functions.begin(), functions.end(),
            [](const auto& a, const auto& b) { return a->rank() < b->rank(); });
  std::unordered_set<const VariableNode*> above;
  for (const Variable& x : targets) above.insert(x.node().get());
  for (const auto& f : functions)
    if (std::any_of(f->inputs().begin(), f->inputs().end(),
                    [&](const auto& input) { return above.contains(input.get()); }))
      for (const auto& output : f->outputs())
        if (const auto node = output.lock()) above.insert(node.get());
  return above;
}

Variables grad(const Variables& outputs, const Variables& inputs, const GradOptions& options) {
  if (!options.grad_outputs.empty() && options.grad_outputs.size() != outputs.size())
    throw Error(
        fmt::format("grad: there must be one grad_output for each output, but there are {} for {}",
                    options.grad_outputs.size(), outputs.size()));
  const auto above = nodes_above(outputs, inputs);
  BackwardPass pass({.create_graph = options.create_graph, .retain_graph = options.retain_graph},
                    [&](const VariableNode& node) { return above.contains(&node); });
  for (const Variable& x : inputs) pass.keep(*x.node());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Variable given = options.grad_outputs.empty() ? Variable() : options.grad_outputs[i];
    if (given && (given.shape() != outputs[i].shape() || given.dtype() != outputs[i].dtype()))
      Check("grad", {{"y", outputs[i]}, {"its grad_output", given}})
          .fail("a grad_output must have the shape and dtype of its output");
    if (above.contains(outputs[i].node().get()))
      pass.seed(outputs[i], given ? given : ones_like(outputs[i]));
  }
  pass.run();
  Variables gradients;
  gradients.reserve(inputs.size());
  for (const Variable& x : inputs) gradients.push_back(pass.take(*x.node()));
  return gradients;
}

}  // namespace autograd
