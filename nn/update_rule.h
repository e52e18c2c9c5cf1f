#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nn/parameter.h"

namespace nn {

// When a hook is called: before or after the update of the parameters.
enum class Timing { pre, post };

// Hooks by name, called in the order in which they were added.
template <class... A>
class Hooks {
 public:
  using Hook = std::function<void(A...)>;

  void add(const std::string& name, Timing timing, Hook hook) {
    if (name.empty()) throw autograd::Error("add_hook: a hook must have a name, but it has none");
    for (const Entry& e : entries_)
      if (e.name == name)
        throw autograd::Error("add_hook: a hook's name must be new, but there is a " + name +
                              " already");
    entries_.push_back({name, timing, std::move(hook)});
  }
  void remove(std::string_view name) {
    if (std::erase_if(entries_, [&](const Entry& e) { return e.name == name; }) == 0)
      throw autograd::Error("remove_hook: the hook must exist, but there is no " +
                            std::string(name));
  }
  bool empty() const { return entries_.empty(); }
  void call(Timing timing, const A&... arguments) const {
    for (const Entry& e : entries_)
      if (e.timing == timing) e.hook(arguments...);
  }

 private:
  struct Entry {
    std::string name;
    Timing timing;
    Hook hook;
  };
  std::vector<Entry> entries_;
};

// The state of an optimizer for one parameter, and settings that apply to this parameter alone.
// Optimizer::setup() gives each parameter an update rule.
//
//   model.l1.b.update_rule()->hyperparam["lr"] = 0.001;   // this parameter alone
//   model.l2.disable_update();                            // enabled = false for each below
class UpdateRule {
 public:
  bool enabled = true;
  // The number of updates; not increased while the rule is disabled.
  std::int64_t t = 0;
  // Hyperparameters that override the optimizer's, by name.
  std::map<std::string, double, std::less<>> hyperparam;
  // State arrays such as running averages, created at the first update.
  std::map<std::string, Array, std::less<>> state;

  // A hook for this parameter alone, called right before or after its own update: a callable
  // (UpdateRule&, Parameter&). Its name may be left out if the hook has one (H::name).
  template <class H>
  void add_hook(H hook, std::string name = {}, Timing timing = Timing::pre) {
    if constexpr (requires { H::name; })
      if (name.empty()) name = H::name;
    hooks_.add(name, timing, std::move(hook));
  }
  void remove_hook(std::string_view name) { hooks_.remove(name); }
  void call_hooks(Timing timing, Parameter parameter) { hooks_.call(timing, *this, parameter); }

 private:
  Hooks<UpdateRule&, Parameter&> hooks_;
};

}  // namespace nn
