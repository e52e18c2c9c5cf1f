#pragma once

#include "nn/training/trigger.h"

namespace nn::training::triggers {

// Fires in the first iteration; with call_on_resume also in the first one after a snapshot was
// loaded. chainer.training.triggers.OnceTrigger.
class OnceTrigger : public TriggerBase {
 public:
  explicit OnceTrigger(bool call_on_resume = false) : resumed_(call_on_resume) {}
  bool operator()(Trainer& trainer) override;
  bool finished() const override { return !(first_ || resumed_); }
  bool passed(const Trainer&) const override { return !first_; }
  void serialize(Serializer& s) override;

 private:
  bool first_ = true;
  bool resumed_;
};

// Fires every `period` seconds of training. chainer.training.triggers.TimeTrigger.
class TimeTrigger : public TriggerBase {
 public:
  explicit TimeTrigger(double period);
  bool operator()(Trainer& trainer) override;
  bool passed(const Trainer& trainer) const override;
  void serialize(Serializer& s) override;

 private:
  double period_, next_time_;
};

}  // namespace nn::training::triggers
