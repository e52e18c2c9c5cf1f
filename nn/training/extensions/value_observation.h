#pragma once

#include <functional>
#include <string>

#include "nn/training/extension.h"

namespace nn::training::extensions {

// Writes a value into the observation, by default in each epoch.
// chainer.training.extensions.observe_value.
class ObserveValue : public Extension {
 public:
  ObserveValue(std::string key, std::function<double(Trainer&)> target)
      : key_(std::move(key)), target_(std::move(target)) {}

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "_observe_value"; }
  Trigger default_trigger() override { return {1, "epoch"}; }
  int default_priority() const override { return kPriorityWriter; }

 private:
  std::string key_;
  std::function<double(Trainer&)> target_;
};

ObserveValue observe_value(std::string observation_key, std::function<double(Trainer&)> target);
// The learning rate of an optimizer: its hyperparameter lr, or Adam's alpha_t.
ObserveValue observe_lr(std::string optimizer_name = "main", std::string observation_key = "lr");

}  // namespace nn::training::extensions
