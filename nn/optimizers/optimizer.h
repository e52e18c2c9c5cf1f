#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/array/update.h"
#include "nn/argument.h"
#include "nn/link.h"
#include "nn/serializers/serializer.h"
#include "nn/update_rule.h"

namespace nn {

// The base class of optimizers, which train the parameters of a link by gradients. The optimizers
// are in nn::optimizers.
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

  // Makes `link` the target, gives each of its parameters a new update rule, and resets t, epoch
  // and hooks. The target may be moved later. If it is destroyed, its parameters are still updated,
  // but target() throws.
  template <std::derived_from<Link> L>
  void setup(L& link) {
    set_target(link, bytes_of(link));
  }
  Link& target() const;
  // The target as its own class: optimizer.target<Net>()(x, t).
  template <std::derived_from<Link> L>
  L& target() const {
    auto* link = dynamic_cast<L*>(&target());
    if (!link) fail_on_class();
    return *link;
  }
  // The target's parameters.
  std::vector<Parameter> params(bool include_uninitialized = true);

  // The number of updates, and the number of calls of new_epoch().
  std::int64_t t = 0;
  std::int64_t epoch = 0;
  // `by_updater` distinguishes the updater's calls from the user's. With use_auto_new_epoch only
  // the updater may call.
  void new_epoch(bool by_updater = false);
  bool use_auto_new_epoch = false;

  // Computes lossfun(arguments...), a scalar, and its gradients, and updates the parameters.
  //
  // The first update throws if a parameter got a gradient that is a member of the target, or of a
  // link below it, but is not listed: see require_listed(). To keep a parameter fixed, list it and
  // use Link::disable_update().
  template <class F, class... A>
  requires Invocable<F, A...>
  void update(F&& lossfun, A&&... arguments) {
    update({}, std::forward<F>(lossfun), std::forward<A>(arguments)...);
  }
  // The same with options of the backward pass, for several losses that share a graph:
  // {.retain_graph = true} for all losses but the last, and {.allow_updates = true} for a loss
  // whose graph contains parameters that an earlier update changed.
  //   dis_optimizer.update({.retain_graph = true}, loss_dis, dis, y_fake, y_real);
  //   gen_optimizer.update({.allow_updates = true}, loss_gen, gen, y_fake);
  template <class F, class... A>
  requires Invocable<F, A...>
  void update(const autograd::BackwardOptions& options, F&& lossfun, A&&... arguments) {
    update_by(nn::invoke(std::forward<F>(lossfun), std::forward<A>(arguments)...), options);
  }
  // Updates the parameters by their current gradients. A missing gradient counts as zeros, so that
  // momentum continues. Parameters that are uninitialised or whose update rule is disabled are not
  // changed.
  //
  // The overloads above call this one. An optimizer that first processes all gradients, for example
  // sums them over processes, overrides it and declares `using Optimizer::update;`.
  virtual void update();

  // Adds a hook, which is called before or after each update; hooks are called in the order in
  // which they were added. A hook is a callable (Optimizer&), or a callable (UpdateRule&,
  // Parameter&), which is called for each parameter. The name may be omitted if the hook has one
  // (H::name). Requires setup(). Predefined hooks are in nn::optimizer_hooks.
  template <class H>
  void add_hook(H hook, std::string name = {}, Timing timing = Timing::pre) {
    require_setup();
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

  // A hyperparameter by its name. Throws if there is none of this name.
  double& hyperparameter(std::string_view name);
  // Calls f(name, value) for each hyperparameter, in the order of declaration.
  using VisitHyperparameter = std::function<void(std::string_view name, double& value)>;
  virtual void visit_hyperparameters(const VisitHyperparameter&) {}

  // Saves or loads t, epoch and, for each parameter, <path>/t and its states, in Chainer's format.
  // Does not include hyperparameters, nor states before the first update.
  void serialize(Serializer& s);

  // Gives initialised parameters without a gradient a gradient of zeros.
  void reallocate_cleared_grads();

 protected:
  // The rest of setup(); `bytes` of the link are known.
  virtual void set_target(Link& link, std::size_t bytes);

  // One parameter to update, its gradient, and its rule, whose t is already incremented.
  struct Step {
    Parameter parameter;
    UpdateRule& rule;
  };
  // Queues a step's update with add().
  virtual void queue(const Step& step) = 0;
  // The names of the states that the optimizer needs, for loading them.
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
  void update_by(Variable loss, const autograd::BackwardOptions& options);
  // Collects the parameters in params_. For small models walking over the links dominates the time
  // of an update, so an update does it once.
  void walk();
  void require_listed() const;
  void require_setup() const;
  [[noreturn]] void fail_on_class() const;
  void for_each_rule(const std::function<void(UpdateRule&, Parameter&)>& f);
  static const Array& state_of(const Step& step, const autograd::updates::State& state);

  LinkPointer target_;
  std::size_t target_bytes_ = 0;
  bool is_set_up_ = false;
  std::vector<Parameter> params_;  // of the last walk
  bool walked_ = false;            // by the update that runs
  Hooks<Optimizer&> hooks_;
  autograd::array::UpdateBatch batch_;
  bool checked_ = false;
};

// Chainer's name for an optimizer that needs gradients only.
using GradientMethod = Optimizer;

}  // namespace nn
