#include "nn/optimizers/sgd.h"

namespace nn::optimizers {

void SGD::queue(const std::vector<Step>& steps) {
  for (const Step& step : steps) add(step, autograd::updates::Sgd{hyperparameters_for(step).lr});
}

}  // namespace nn::optimizers
