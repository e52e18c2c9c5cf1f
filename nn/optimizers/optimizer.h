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

  // Takes `link` as the target and gives each of its parameters a new update rule; t, epoch and
  // hooks start anew. The target may be moved. Once it is gone its last parameters are still
  // updated, but target() throws.
  template <std::derived_from<Link> L>
  void setup(L& link) {
    set_target(link, bytes_of(link));
  }
  Link& target() const;
  // The target as what it is, to be called: optimizer.target<Net>()(x, t).
  template <std::derived_from<Link> L>
  L& target() const {
    auto* link = dynamic_cast<L*>(&target());
    if (!link) fail_on_class();
    return *link;
  }
  // The target's parameters.
  std::vector<Parameter> params(bool include_uninitialized = true);

  // The updates made, and the times new_epoch() was called.
  std::int64_t t = 0;
  std::int64_t epoch = 0;
  // `by_updater` tells the updater's call from the user's: with use_auto_new_epoch only the updater
  // calls.
  void new_epoch(bool by_updater = false);
  bool use_auto_new_epoch = false;

  // Computes lossfun(arguments...), a scalar, its gradients, and updates the parameters by them.
  //
  // The first update, this or the one below, throws if a parameter got a gradient that is a member
  // of the target, or of a link below it, but is not listed: see require_listed(). One that is
  // meant to stay as it is, is told so by Link::disable_update().
  template <class F, class... A>
  requires Invocable<F, A...>
  void update(F&& lossfun, A&&... arguments) {
    update({}, std::forward<F>(lossfun), std::forward<A>(arguments)...);
  }
  // The same, with options of the backward pass: where several losses go through one graph, all
  // but the last say {.retain_graph = true}, and {.allow_updates = true} those whose graph has
  // parameters that an update before changed.
  //   dis_optimizer.update({.retain_graph = true}, loss_dis, dis, y_fake, y_real);
  //   gen_optimizer.update({.allow_updates = true}, loss_gen, gen, y_fake);
  template <class F, class... A>
  requires Invocable<F, A...>
  void update(const autograd::BackwardOptions& options, F&& lossfun, A&&... arguments) {
    update_by(nn::invoke(std::forward<F>(lossfun), std::forward<A>(arguments)...), options);
  }
  // Updates the parameters by the gradients that they have. Where there is none it counts as zeros,
  // so that momentum goes on. Parameters that are not initialised yet, and those whose update rule
  // is disabled, stay as they are.
  //
  // The updates above end in this one: an optimizer that does something to all gradients first,
  // such as summing them over processes, overrides it and says `using Optimizer::update;`.
  virtual void update();

  // A hook is called at each update, before or after it, in the order of adding: a callable
  // (Optimizer&), or (UpdateRule&, Parameter&) to be called for each parameter. Its name may be
  // left out if the hook has one (H::name). setup() comes first. Ready-made ones are in
  // nn::optimizer_hooks.
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
  // The rest of setup(); `bytes` of the link are known.
  virtual void set_target(Link& link, std::size_t bytes);

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
  void update_by(Variable loss, const autograd::BackwardOptions& options);
  // Walks over the links are what small models spend their time with: one serves a whole update.
  // It leaves the parameters in params_.
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
