#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/array/update.h"
#include "nn/link.h"
#include "nn/serializers/serializer.h"
#include "nn/update_rule.h"

namespace nn {

// Trains the parameters of a link by their gradients. The optimizers are in nn::optimizers.
//
//   nn::optimizers::Adam optimizer({.alpha = 1e-3});
//   optimizer.setup(model);
//   optimizer.update([&] { return model.loss(x); });
class Optimizer {
 public:
  Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  virtual ~Optimizer() = default;

  // Takes `link` as the target, which must live as long as the optimizer. Each of its parameters
  // gets a new update rule; t, epoch and hooks start anew.
  virtual void setup(Link& link);
  Link& target() const;

  // The updates made, and the times new_epoch() was called.
  std::int64_t t = 0;
  std::int64_t epoch = 0;
  // `by_updater` tells the updater's call from the user's: with use_auto_new_epoch only the updater
  // calls.
  void new_epoch(bool by_updater = false);
  bool use_auto_new_epoch = false;

  // Computes lossfun(arguments...), a scalar, its gradients, and updates the parameters by them.
  //
  // The first time it throws if a parameter took part in the loss that no optimizer knows of: one
  // that its link forgot to list. What is meant to stay as it is, is told so by
  // Link::disable_update().
  template <class F, class... A>
  void update(F&& lossfun, A&&... arguments) {
    update_by(std::invoke(std::forward<F>(lossfun), std::forward<A>(arguments)...));
  }
  // Updates the parameters by the gradients that they have. Where there is none it counts as zeros,
  // so that momentum goes on. Parameters that are not initialised yet, and those whose update rule
  // is disabled, stay as they are.
  void update();

  // A hook is called at each update, before or after it, in the order of adding: a callable
  // (Optimizer&), or (UpdateRule&, Parameter&) to be called for each parameter. Its name may be
  // left out if the hook has one (H::name). setup() comes first. Ready-made ones are in
  // nn::optimizer_hooks.
  template <class H>
  void add_hook(H hook, std::string name = {}, Timing timing = Timing::pre) {
    target();
    if constexpr (requires { H::name; })
      if (name.empty()) name = H::name;
    if constexpr (std::is_invocable_v<H&, UpdateRule&, Parameter&>)
      hooks_.add(name, timing,
                 [hook = std::move(hook)](Optimizer& o) mutable { o.for_each_rule(hook); });
    else
      hooks_.add(name, timing, std::move(hook));
  }
  void remove_hook(std::string_view name) { hooks_.remove(name); }
  void call_hooks(Timing timing = Timing::pre);

  // A hyperparameter by its name. Throws if there is none of that name.
  double& hyperparameter(std::string_view name);
  // Calls f(name, value) for each hyperparameter, in the order of declaration.
  using VisitHyperparameter = std::function<void(std::string_view name, double& value)>;
  virtual void visit_hyperparameters(const VisitHyperparameter&) {}

  // Saves t, epoch and, for each parameter, <path>/t and its states, or loads them; as Chainer's.
  // Hyperparameters are not in it, nor are states before the first update.
  void serialize(Serializer& s);

  // Gradients of zeros for the initialised parameters that have none.
  void reallocate_cleared_grads();

 protected:
  // One parameter to be updated, its gradient, and its rule with t counted up already.
  struct Step {
    Parameter parameter;
    UpdateRule& rule;
  };
  // Queues a step's update with add().
  virtual void queue(const Step& step) = 0;
  // The states that it needs, for loading them.
  using StateNames = std::vector<std::string_view>;
  virtual StateNames state_names(const UpdateRule& rule) const = 0;
  template <class Rule>
  static StateNames names_of() {
    StateNames names;
    for (const auto& state : Rule::states) names.push_back(state.name);
    return names;
  }

  // Queues the update of one parameter by a rule of autograd/kernels/ops/update.h.
  template <class Rule>
  void add(const Step& step, const Rule& rule) {
    autograd::Arrays updated{step.parameter.array()};
    for (const auto& state : Rule::states) updated.push_back(state_of(step, state));
    batch_.add(rule, step.parameter.grad(), updated);
  }

 private:
  void update_by(Variable loss);
  // Walks over the links are what small models spend their time with: one serves a whole update.
  void update(std::vector<Parameter>& params);
  void require_known(const Variable& loss) const;
  void for_each_rule(const std::function<void(UpdateRule&, Parameter&)>& f);
  static const Array& state_of(const Step& step, const autograd::updates::State& state);

  Link* target_ = nullptr;
  Hooks<Optimizer&> hooks_;
  autograd::array::UpdateBatch batch_;
  bool checked_ = false;
};

// Chainer's name for an optimizer that needs gradients only.
using GradientMethod = Optimizer;

}  // namespace nn
