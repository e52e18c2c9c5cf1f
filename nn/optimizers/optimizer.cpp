#include "nn/optimizers/optimizer.h"

#include <fmt/format.h>

#include <unordered_set>

#include "autograd/graph/function_node.h"

namespace nn {

using autograd::Error;
using autograd::FunctionNode;

void Optimizer::setup(Link& link) {
  target_ = &link;
  t = epoch = 0;
  hooks_ = {};
  checked_ = false;
  for (Parameter& p : link.params()) p.set_update_rule(std::make_shared<UpdateRule>());
}

Link& Optimizer::target() const {
  if (!target_) throw Error("Optimizer: setup() must come first, but it was not called");
  return *target_;
}

void Optimizer::new_epoch(bool by_updater) {
  if (by_updater != use_auto_new_epoch)
    throw Error(fmt::format("new_epoch: with use_auto_new_epoch = {} {} must call it, but {} did",
                            use_auto_new_epoch, use_auto_new_epoch ? "the updater" : "the user",
                            by_updater ? "the updater" : "the user"));
  ++epoch;
}

// Walks the graph for parameters that no optimizer has given a rule to, and nobody has disabled.
void Optimizer::require_known(const Variable& loss) const {
  std::vector<const FunctionNode*> functions;
  std::unordered_set<const FunctionNode*> seen;
  const auto visit = [&](const FunctionNode* f) {
    if (f != nullptr && seen.insert(f).second) functions.push_back(f);
  };
  visit(loss.creator());
  while (!functions.empty()) {
    const FunctionNode* f = functions.back();
    functions.pop_back();
    for (const auto& input : f->inputs()) {
      visit(input->creator().get());
      const Parameter p = Parameter::from(input->variable);
      if (p && input->requires_grad && !p.update_rule())
        throw Error(
            fmt::format("update: every parameter that takes part in the loss must be listed by the "
                        "target of an optimizer, or be told to "
                        "stay by disable_update(), but parameter {} {} of {} is not",
                        p.name().empty() ? "(unnamed)" : p.name(), describe(p.array()), f->name()));
    }
  }
}

static void zero_missing_grads(std::vector<Parameter>& params) {
  for (Parameter& p : params)
    if (p.is_initialized() && !p.grad_var()) p.set_grad(Array::zeros(p.shape(), p.dtype()));
}

void Optimizer::update_by(Variable loss) {
  Link& link = target();
  if (!loss) throw Error("update: the loss must be a variable, but it is none");
  // Parameters that were created since setup() (a link appended to a list) are trained, too.
  std::vector<Parameter> params = link.params();
  for (Parameter& p : params)
    if (!p.update_rule()) p.set_update_rule(std::make_shared<UpdateRule>());
  if (!checked_) require_known(loss);
  checked_ = true;
  for (Parameter& p : params) p.cleargrad();
  loss.backward();
  loss = {};  // the graph is not needed any more
  update(params);
}

void Optimizer::reallocate_cleared_grads() {
  std::vector<Parameter> params = target().params(false);
  zero_missing_grads(params);
}

void Optimizer::call_hooks(Timing timing) {
  hooks_.call(timing, *this);
  reallocate_cleared_grads();
}

void Optimizer::for_each_rule(const std::function<void(UpdateRule&, Parameter&)>& f) {
  for (Parameter& p : target().params(false))
    if (p.update_rule()) f(*p.update_rule(), p);
}

const Array& Optimizer::state_of(const Step& step, const autograd::updates::State& state) {
  const Parameter& p = step.parameter;
  auto found = step.rule.state.find(state.name);
  if (found == step.rule.state.end())
    found =
        step.rule.state.emplace(state.name, Array::full(p.shape(), state.initial, p.dtype())).first;
  else if (found->second.shape() != p.shape())
    throw Error(fmt::format(
        "update: a state must have the shape of its parameter, but {} is {} and the parameter {}",
        state.name, describe(found->second), describe(p.array())));
  else
    found->second = found->second.astype(p.dtype());
  return found->second;
}

void Optimizer::update() {
  std::vector<Parameter> params = target().params();
  update(params);
}

void Optimizer::update(std::vector<Parameter>& params) {
  zero_missing_grads(params);
  if (!hooks_.empty()) {  // which may change anything
    call_hooks(Timing::pre);
    params = target().params();
  }
  ++t;
  std::vector<Step> steps;
  steps.reserve(params.size());
  for (Parameter& p : params) {
    if (!p.update_rule()) p.set_update_rule(std::make_shared<UpdateRule>());
    UpdateRule& rule = *p.update_rule();
    if (!rule.enabled) continue;
    ++rule.t;
    if (!p.is_initialized()) continue;
    rule.call_hooks(Timing::pre, p);
    steps.push_back({p, rule});
    queue(steps.back());
  }
  batch_.run();
  for (const Step& step : steps) step.rule.call_hooks(Timing::post, step.parameter);
  hooks_.empty() ? zero_missing_grads(params) : call_hooks(Timing::post);
}

void Optimizer::serialize(Serializer& s) {
  s("t", t);
  s("epoch", epoch);
  for (auto& [path, p] : target().namedparams()) {
    if (!p.update_rule()) p.set_update_rule(std::make_shared<UpdateRule>());
    UpdateRule& rule = *p.update_rule();
    Serializer& values = s[path];
    const std::int64_t updates = values.value("t", rule.t);
    if (s.is_loading()) rule.t = updates;
    for (const std::string_view name : state_names(rule)) {
      const auto state = rule.state.find(name);
      if (s.is_saving()) {
        if (state != rule.state.end()) values.value(name, state->second);
        continue;
      }
      // Before the first update there are no states, nor while the parameter has no shape.
      if (!values.contains(name) && (updates == 0 || !p.is_initialized())) {
        if (s.is_loading()) rule.state.erase(std::string(name));
        continue;
      }
      const Array found = values.value(name, p.array());  // must be like the parameter
      if (s.is_loading() && found.storage() != p.array().storage())
        rule.state.insert_or_assign(std::string(name), found.copy());
    }
  }
}

double& Optimizer::hyperparameter(std::string_view name) {
  double* found = nullptr;
  std::string names;
  visit_hyperparameters([&](std::string_view each, double& value) {
    if (each == name) found = &value;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", each);
  });
  if (!found)
    throw Error(
        fmt::format("hyperparameter: the name must be one of {}, but it is {}", names, name));
  return *found;
}

}  // namespace nn
