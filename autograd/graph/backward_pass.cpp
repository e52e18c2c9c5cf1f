#include "autograd/graph/backward_pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "autograd/array/map.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"
#include "autograd/graph/hook.h"

namespace autograd {
namespace {

constinit thread_local const BackwardPass* current = nullptr;

// The functions that unchain() removed from graphs while passes ran in this thread.
struct Unchained {
  std::vector<Ref<FunctionNode>> functions;
  std::vector<Ref<VariableNode>> nodes;
};
// The list is a local variable of the outermost pass. So the thread has no object to destroy at its
// end: later destructors may also run passes.
constinit thread_local Unchained* unchained = nullptr;

struct CurrentScope {
  explicit CurrentScope(const BackwardPass& pass) : before(std::exchange(current, &pass)) {
    if (before == nullptr) unchained = &own;
  }
  ~CurrentScope() {
    current = before;
    if (before == nullptr) unchained = nullptr;
  }
  const BackwardPass* before;
  Unchained own;
};

// The gradients of one variable that are to be added.
class AddGradients final : public FunctionNode {
  std::string_view name() const override { return "add"; }
  std::string label() const override { return "_ + _"; }
  Array forward(const Inputs& x) override { return map(ops::Add{}, x[0], x[1]); }
  Grads backward(const Variable& gy) override { return {gy, gy}; }
};

Variable ones_like(const Variable& y) { return as_variable(Array::full(y.shape(), 1, y.dtype())); }

bool lower(const FunctionNode* a, const FunctionNode* b) { return a->rank() < b->rank(); }

// Adds the gradient to the gradient of the variable that the user holds.
void deposit(const VariableNode& node, Variable gradient) {
  const Ref<VariableBody> body(node.variable);
  if (!body || !gradient) return;
  const std::lock_guard lock(body->lock);  // graphs of several threads may share this leaf
  body->grad = body->grad ? apply<AddGradients>({body->grad, gradient})
                          : BackwardPass::owned(std::move(gradient));
}

}  // namespace

Variable BackwardPass::owned(Variable gradient) {
  VariableBody& body = gradient.body();
  Array& a = body.data;
  const Storage& block = *a.storage();
  if (body.use_count() == 1) {
    if (a.storage()->use_count() != 1 || !a.is_contiguous() ||
        block.bytes() != static_cast<std::size_t>(a.size()) * item_size(a.dtype()))
      a = a.copy();
    return gradient;
  }
  const bool in_graph = body.node.load() != nullptr || body.requires_grad;
  return in_graph ? Variable::at(a.copy(), gradient.node()) : Variable::of(a.copy(), false);
}

bool BackwardPass::wants(const VariableNode& node) {
  if (!node.requires_grad) return false;
  if (current == nullptr) return true;
  const Nodes* nodes = current->wanted_;
  return nodes ? nodes->contains(&node) : node.creator() || node.variable != nullptr;
}

void BackwardPass::keep_while_running(Ref<FunctionNode> function) {
  if (current != nullptr) unchained->functions.push_back(std::move(function));
}
void BackwardPass::keep_while_running(Ref<VariableNode> node) {
  if (current != nullptr) unchained->nodes.push_back(std::move(node));
}

void BackwardPass::seed(const Variable& output, const Variable& gradient) {
  roots_.push_back(output.node());
  add(output.node(), gradient);
}

void BackwardPass::add(const Ref<VariableNode>& node, Variable gradient) {
  if (GradientMap::Entry* sum = gradients_.find(node.get())) return add_to(*sum, gradient);
  gradients_.insert(node.get(), std::move(gradient));
  if (!node->creator()) {
    leaves_.push_back(node);
    return;
  }
  FunctionNode& f = *node->creator();
  if (f.outputs_.size() > 1 && !seen_.insert(&f).second) return;
  queue_.push_back(&f);
  std::push_heap(queue_.begin(), queue_.end(), lower);
}

// The first sum of gradients is a new array, which only the pass holds. Further gradients are added
// to it in place, unless a graph or a hook must see the additions.
void BackwardPass::add_to(GradientMap::Entry& sum, const Variable& gradient) const {
  const bool plain = !config().enable_backprop && !config().debug && !hooked();
  if (plain && sum.owned) {
    Array& y = sum.gradient.body().data;
    map_into(ops::Add{}, y, y, gradient.array());
    return;
  }
  sum.gradient = plain ? as_variable(map(ops::Add{}, sum.gradient.array(), gradient.array()))
                       : apply<AddGradients>({sum.gradient, gradient});
  sum.owned = plain;
}

// Null if there is no gradient.
Variable BackwardPass::output_gradient(VariableNode& node) {
  Variable gy;
  if (GradientMap::Entry* found = gradients_.find(&node)) {
    gy = std::move(found->gradient);
    gradients_.erase(found);
  }
  if (GradientMap::Entry* kept = kept_.find(&node)) kept->gradient = gy;
  if (options_.retain_grad && gy && node.variable != nullptr &&
      std::none_of(roots_.begin(), roots_.end(), [&](const auto& r) { return r.get() == &node; }))
    passed_.push_back({Ref(node.variable), gy});
  return gy;
}

void BackwardPass::call(FunctionNode& f) {
  gys_.clear();
  for (VariableNode* output : f.outputs_)
    gys_.push_back(output != nullptr ? output_gradient(*output) : Variable());
  if (std::none_of(f.inputs_.begin(), f.inputs_.end(),
                   [](const auto& input) { return wants(*input); }))
    return;
  for_each_hook([&](FunctionHook& hook) { hook.backward_preprocess(f, gys_); });
  f.allow_updates_ = options_.allow_updates;
  Grads gxs = f.backward_all(gys_);
  for_each_hook([&](FunctionHook& hook) { hook.backward_postprocess(f, gys_, gxs); });
  if (gxs.size() != f.inputs_.size())
    throw Error(fmt::format(
        "{}: backward must return one gradient for each input, but it returned {} for {}", f.name(),
        gxs.size(), f.inputs_.size()));
  for (std::size_t i = 0; i < gxs.size(); ++i) {
    const Ref<VariableNode>& input = f.inputs_[i];
    if (!gxs[i] || !wants(*input)) continue;
    if (!input->has_shape(gxs[i].shape()) || gxs[i].dtype() != input->dtype)
      throw Error(
          fmt::format("{}: a gradient must have the shape and dtype of its input, but input {} is "
                      "{}{} and its gradient {}",
                      f.name(), i, autograd::name(input->dtype), to_string(input->shape()),
                      describe(gxs[i].array())));
    if (config().debug && array::any_nan(gxs[i].array()))
      throw Error(fmt::format("NaN is detected on backward computation of {}", f.label()));
    add(input, std::move(gxs[i]));
  }
  if (!options_.retain_graph && !options_.create_graph) f.release_retained();
}

void BackwardPass::run() {
  const ConfigScope recording = using_config(&Config::enable_backprop, options_.create_graph);
  const CurrentScope scope(*this);
  while (!queue_.empty()) {
    std::pop_heap(queue_.begin(), queue_.end(), lower);
    FunctionNode& f = *queue_.back();
    queue_.pop_back();
    call(f);
  }
  gys_.clear();
}

Variable BackwardPass::arrived_at(const VariableNode& node) {
  if (const auto* kept = kept_.find(&node); kept && kept->gradient) return kept->gradient;
  const auto* found = gradients_.find(&node);
  return found ? found->gradient : Variable();
}
Variable BackwardPass::take(const VariableNode& leaf) {
  auto* found = gradients_.find(&leaf);
  return found ? std::move(found->gradient) : Variable();
}

void Variable::backward(const BackwardOptions& options) const {
  if (!body().grad) {
    if (size() != 1)
      Check("backward", {{"y", *this}})
          .fail("a variable of more than one element must be given its gradient first (set_grad)");
    body().grad = ones_like(*this);
  }
  if (!creator()) return;
  BackwardPass pass({.create_graph = options.enable_double_backprop,
                     .retain_graph = options.retain_graph,
                     .retain_grad = options.retain_grad,
                     .allow_updates = options.allow_updates});
  pass.seed(*this, body().grad);
  pass.run();
  const ConfigScope recording =
      using_config(&Config::enable_backprop, options.enable_double_backprop);
  for (const auto& leaf : pass.leaves()) deposit(*leaf, pass.take(*leaf));
  for (auto& [variable, gradient] : pass.passed()) {
    const std::lock_guard lock(variable->lock);
    variable->grad = BackwardPass::owned(std::move(gradient));
  }
}

// The nodes from which a path leads to one of `targets`, in the order from the inputs to the
// outputs.
static BackwardPass::Nodes nodes_above(const Variables& outputs, const Variables& targets) {
  std::vector<const FunctionNode*> functions;
  std::unordered_set<const FunctionNode*> seen;
  const auto visit_creator = [&](const FunctionNode* f) {
    if (f != nullptr && seen.insert(f).second) functions.push_back(f);
  };
  for (const Variable& y : outputs) visit_creator(y.creator());
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const FunctionNode* f = functions[i];  // push_back moves the vector's elements
    for (const auto& input : f->inputs()) visit_creator(input->creator().get());
  }
  std::sort(functions.begin(), functions.end(),
            [](const auto& a, const auto& b) { return a->rank() < b->rank(); });
  BackwardPass::Nodes above;
  for (const Variable& x : targets) above.insert(x.node().get());
  for (const auto& f : functions)
    if (std::any_of(f->inputs().begin(), f->inputs().end(),
                    [&](const auto& input) { return above.contains(input.get()); }))
      for (const VariableNode* output : f->outputs())
        if (output != nullptr) above.insert(output);
  return above;
}

Variables grad(const Variables& outputs, const Variables& inputs, const GradOptions& options) {
  if (!options.grad_outputs.empty() && options.grad_outputs.size() != outputs.size())
    throw Error(
        fmt::format("grad: there must be one grad_output for each output, but there are {} for {}",
                    options.grad_outputs.size(), outputs.size()));
  const auto above = nodes_above(outputs, inputs);
  Variables gradients;
  gradients.reserve(inputs.size());
  {
    BackwardPass pass({.create_graph = options.create_graph,
                       .retain_graph = options.retain_graph,
                       .allow_updates = options.allow_updates},
                      &above);
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
    for (const Variable& x : inputs) gradients.push_back(pass.arrived_at(*x.node()));
  }
  for (Variable& gradient : gradients)  // the pass no longer holds them
    if (gradient) gradient = BackwardPass::owned(std::move(gradient));
  return gradients;
}

}  // namespace autograd
