#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "nn/optimizers/optimizer.h"

namespace nn::optimizers {

template <class H>
inline constexpr std::size_t hyperparameter_count = [] {
  std::size_t count = 0;
  H().visit([&](std::string_view, auto&) { ++count; });
  return count;
}();

// An optimizer that applies one rule of autograd/kernels/ops/update.h to all parameters. Its
// hyperparameters are the members of H, which H names in visit(): optimizer.lr = 0.1.
template <class H, class Rule>
class Method : public Optimizer, public H {
 public:
  explicit Method(const H& hyperparameters) : H(hyperparameters) {}
  // The first hyperparameters by position, in Chainer's order: Adam(1e-3, 0.9).
  template <class... N>
  requires(sizeof...(N) > 0 && sizeof...(N) <= hyperparameter_count<H> &&
           (std::is_arithmetic_v<N> && ...)) explicit Method(N... values) {
    const double given[] = {static_cast<double>(values)...};
    std::size_t i = 0;
    H::visit([&](std::string_view, auto& value) {
      if (i < sizeof...(N))
        value = static_cast<std::remove_reference_t<decltype(value)>>(given[i++]);
    });
  }
  void visit_hyperparameters(const VisitHyperparameter& f) override {
    H::visit([&](std::string_view name, auto& value) {
      if constexpr (std::is_same_v<decltype(value), double&>) f(name, value);
    });
  }

 protected:
  // The rule for the n-th update of a parameter with hyperparameters h.
  virtual Rule rule(const H& h, std::int64_t n) const = 0;

  void queue(const Step& step) override {
    add(step, rule(hyperparameters_for(step.rule), step.rule.t));
  }
  StateNames state_names(const UpdateRule&) const override { return names_of<Rule>(); }

  // The hyperparameters for one parameter: the optimizer's, overridden by those of its update rule.
  H hyperparameters_for(const UpdateRule& update_rule) const {
    H h = *this;
    if (!update_rule.hyperparam.empty())
      h.visit([&](std::string_view name, auto& value) {
        const auto found = update_rule.hyperparam.find(name);
        if (found != update_rule.hyperparam.end())
          value = static_cast<std::remove_reference_t<decltype(value)>>(found->second);
      });
    return h;
  }
};

}  // namespace nn::optimizers
