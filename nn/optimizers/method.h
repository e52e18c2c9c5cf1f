#pragma once

#include "nn/optimizers/optimizer.h"

namespace nn::optimizers {

// An optimizer with the hyperparameters H as plain members: optimizer.lr = 0.1. H names them in
// visit().
template <class H>
class Method : public Optimizer, public H {
 public:
  explicit Method(const H& hyperparameters) : H(hyperparameters) {}
  void visit_hyperparameters(const VisitHyperparameter& f) override {
    H::visit([&](std::string_view name, auto& value) {
      if constexpr (std::is_same_v<decltype(value), double&>) f(name, value);
    });
  }

 protected:
  H hyperparameters_for(const Step& step) const {
    return hyperparameters(static_cast<const H&>(*this), step.rule);
  }
};

}  // namespace nn::optimizers
