#include "nn/training/extensions/value_observation.h"

#include "nn/optimizers/adam.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

void ObserveValue::operator()(Trainer& trainer) { trainer.observation()[key_] = target_(trainer); }

ObserveValue observe_value(std::string observation_key, std::function<double(Trainer&)> target) {
  return {std::move(observation_key), std::move(target)};
}

ObserveValue observe_lr(std::string optimizer_name, std::string observation_key) {
  return {std::move(observation_key), [name = std::move(optimizer_name)](Trainer& trainer) {
            Optimizer& optimizer = trainer.updater().get_optimizer(name);
            if (const auto* adam = dynamic_cast<const optimizers::Adam*>(&optimizer))
              return adam->alpha_t();
            return optimizer.hyperparameter("lr");
          }};
}

}  // namespace nn::training::extensions
