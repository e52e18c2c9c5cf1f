#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nn/training/trigger.h"

namespace nn::training::triggers {

// The base of triggers that count epochs or iterations. It remembers the progress of the training
// at the last call, so the trigger is correct even if it is not called in each iteration.
class CountingTrigger : public TriggerBase {
 public:
  CountingTrigger(std::string_view op, std::string_view unit);
  bool operator()(Trainer& trainer) final;
  bool passed(const Trainer& trainer) const final;
  void serialize(Serializer& s) override;
  const std::string& unit() const& { return unit_; }
  std::string unit() const&& { return unit_; }

 protected:
  // Whether the trigger fires in the interval (previous, now].
  virtual bool fires(double previous, double now) = 0;
  // The epoch or iteration at which the trigger fires first.
  virtual double first_point() const = 0;

 private:
  std::string unit_;
  std::int64_t previous_iteration_ = 0;
  double previous_epoch_detail_ = 0;
};

// Fires when floor(previous / period) and floor(now / period) differ. The unit is epoch or
// iteration; epochs may be fractions. chainer.training.triggers.IntervalTrigger.
class IntervalTrigger : public CountingTrigger {
 public:
  IntervalTrigger(double period, std::string_view unit);
  double period() const { return period_; }
  std::optional<TrainingLength> get_training_length() const override {
    return TrainingLength{period_, unit()};
  }

 private:
  bool fires(double previous, double now) override;
  double first_point() const override { return period_; }
  double period_;
};

// Fires at the given epochs or iterations. chainer.training.triggers.ManualScheduleTrigger.
class ManualScheduleTrigger : public CountingTrigger {
 public:
  ManualScheduleTrigger(std::vector<double> points, std::string_view unit);
  ManualScheduleTrigger(double point, std::string_view unit)
      : ManualScheduleTrigger(std::vector{point}, unit) {}
  bool finished() const override { return finished_; }
  void serialize(Serializer& s) override;

 private:
  bool fires(double previous, double now) override;
  double first_point() const override;
  std::vector<double> points_;
  bool finished_ = false;
};

}  // namespace nn::training::triggers
