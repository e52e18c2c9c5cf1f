#include "nn/training/trigger.h"

#include "nn/training/triggers/interval.h"

namespace nn::training {
namespace {

class FunctionTrigger : public TriggerBase {
 public:
  explicit FunctionTrigger(std::function<bool(Trainer&)> f) : f_(std::move(f)) {}
  bool operator()(Trainer& trainer) override { return f_(trainer); }

 private:
  std::function<bool(Trainer&)> f_;
};

}  // namespace

std::optional<TrainingLength> Trigger::get_training_length() const {
  return base_ ? base_->get_training_length() : std::nullopt;
}

std::shared_ptr<TriggerBase> Trigger::interval(double period, std::string_view unit) {
  return std::make_shared<triggers::IntervalTrigger>(period, unit);
}

std::shared_ptr<TriggerBase> Trigger::function(std::function<bool(Trainer&)> f) {
  return std::make_shared<FunctionTrigger>(std::move(f));
}

}  // namespace nn::training
