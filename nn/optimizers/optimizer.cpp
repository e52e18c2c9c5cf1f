#include "nn/optimizers/optimizer.h"

#include <fmt/format.h>

#include <algorithm>

namespace nn {

using autograd::Error;

namespace {

// Searches a link and the links below it for parameters that are members but are not listed.
class Forgotten : public Members {
 public:
  void look(Link& link, std::size_t bytes) {
    for (const Parameter& p : parameters_in(&link, bytes))
      if (p.is_initialized() && p.grad_var() && !p.update_rule())
        throw Error(
            fmt::format("update: a parameter that takes part in the loss must be listed by its "
                        "link, or be fixed by disable_update(), but {} {} is not, a member of {}",
                        p.name().empty() ? "(unnamed)" : p.name(), describe(p.array()),
                        path_.empty() ? "the target" : path_));
    link.visit(*this);
  }

 private:
  void visit_link(std::string_view name, Link& child, std::size_t bytes) override {
    const std::size_t length = path_.size();
    path_ += fmt::format("/{}", name);
    look(child, bytes);
    path_.resize(length);
  }

  std::string path_;
};

void zero_missing_grads(std::vector<Parameter>& params) {
  for (Parameter& p : params)
    if (p.is_initialized() && !p.grad_var()) p.set_grad(Array::zeros(p.shape(), p.dtype()));
}

}  // namespace

void Optimizer::set_target(Link& link, std::size_t bytes) {
  params_ = link.params();
  target_ = LinkPointer(link);
  target_bytes_ = bytes;
  is_set_up_ = true;
  t = epoch = 0;
  hooks_ = {};
  checked_ = false;
  for (Parameter& p : params_) p.set_update_rule(std::make_shared<UpdateRule>());
}

Link& Optimizer::target() const {
  if (Link* link = target_.get()) return *link;
  require_setup();
  throw Error("Optimizer: the target must outlive its use, but it was destroyed");
}

void Optimizer::require_setup() const {
  if (!is_set_up_) throw Error("Optimizer: setup() must come first, but it was not called");
}

void Optimizer::fail_on_class() const {
  throw Error(
      "Optimizer: target<L>() must be called with the target's class, but L is another class");
}

std::vector<Parameter> Optimizer::params(bool include_uninitialized) {
  require_setup();
  if (Link* link = target_.get()) return link->params(include_uninitialized);
  std::vector<Parameter> last = params_;
  if (!include_uninitialized)
    std::erase_if(last, [](const Parameter& p) { return !p.is_initialized(); });
  return last;
}

void Optimizer::new_epoch(bool by_updater) {
  if (by_updater != use_auto_new_epoch)
    throw Error(fmt::format("new_epoch: with use_auto_new_epoch = {} {} must call it, but {} did",
                            use_auto_new_epoch, use_auto_new_epoch ? "the updater" : "the user",
                            by_updater ? "the updater" : "the user"));
  ++epoch;
}

void Optimizer::require_listed() const {
  if (Link* link = target_.get()) Forgotten().look(*link, target_bytes_);
}

// Also trains parameters that were made after setup(), such as those of a link that was appended to
// a list.
void Optimizer::walk() {
  params_ = params();
  for (Parameter& p : params_)
    if (!p.update_rule()) p.set_update_rule(std::make_shared<UpdateRule>());
}

void Optimizer::update_by(Variable loss, const autograd::BackwardOptions& options) {
  walk();
  if (!loss) throw Error("update: the loss must be a variable, but it is none");
  for (Parameter& p : params_) p.cleargrad();
  loss.backward(options);
  loss = {};  // the graph is no longer needed
  walked_ = true;
  try {
    update();
  } catch (...) {
    walked_ = false;
    throw;
  }
  walked_ = false;
}

void Optimizer::reallocate_cleared_grads() {
  std::vector<Parameter> initialized = params(false);
  zero_missing_grads(initialized);
}

void Optimizer::call_hooks(Timing timing) {
  hooks_.call(timing, *this);
  reallocate_cleared_grads();
}

void Optimizer::for_each_rule(const std::function<void(UpdateRule&, Parameter&)>& f) {
  for (Parameter& p : params(false))
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
  if (!std::exchange(walked_, false)) walk();
  if (!checked_) require_listed();
  checked_ = true;
  zero_missing_grads(params_);
  if (!hooks_.empty()) {  // hooks may change anything
    call_hooks(Timing::pre);
    walk();
  }
  ++t;
  std::vector<Step> steps;
  steps.reserve(params_.size());
  try {
    for (Parameter& p : params_) {
      UpdateRule& rule = *p.update_rule();
      if (!rule.enabled) continue;
      ++rule.t;
      steps.push_back({p, rule});
      if (!p.is_initialized()) continue;
      rule.call_hooks(Timing::pre, p);
      queue(steps.back());
    }
    batch_.run();
  } catch (...) {  // thrown by a hook: nothing was updated
    batch_.clear();
    --t;
    for (const Step& step : steps) --step.rule.t;
    throw;
  }
  for (const Step& step : steps)
    if (step.parameter.is_initialized()) step.rule.call_hooks(Timing::post, step.parameter);
  hooks_.empty() ? zero_missing_grads(params_) : call_hooks(Timing::post);
}

void Optimizer::serialize(Serializer& s) {
  s.count("t", t);
  s.count("epoch", epoch);
  for (auto& [path, p] : target().namedparams()) {
    if (!p.update_rule()) p.set_update_rule(std::make_shared<UpdateRule>());
    UpdateRule& rule = *p.update_rule();
    Serializer& values = s[path];
    const std::int64_t updates = s.is_saving() ? rule.t : values.value("t", rule.t);
    values.count("t", rule.t);
    for (const std::string_view name : state_names(rule)) {
      const auto state = rule.state.find(name);
      if (s.is_saving()) {
        if (state != rule.state.end()) values.value(name, state->second);
        continue;
      }
      // There are no states before the first update, or if the parameter has no shape yet.
      if (!values.contains(name) && (updates == 0 || !p.is_initialized())) {
        if (s.is_loading()) rule.state.erase(std::string(name));
        continue;
      }
      const Array found = values.value(name, p.array());  // has the parameter's shape, dtype
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
