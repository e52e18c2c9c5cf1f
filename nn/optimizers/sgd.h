#pragma once

#include "nn/optimizers/method.h"

namespace nn::optimizers {

struct SGDHyperparameters {
  double lr = 0.01;
  void visit(auto&& f) { f("lr", lr); }
};

// Stochastic gradient descent: p -= lr g.
class SGD : public Method<SGDHyperparameters> {
 public:
  explicit SGD(const SGDHyperparameters& hyperparameters = {}) : Method(hyperparameters) {}

 private:
  void queue(const std::vector<Step>& steps) override;
};

}  // namespace nn::optimizers
