#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>

#include "nn/reporting/summary.h"
#include "nn/training/trigger.h"

namespace nn::training::triggers {

// Fires when the mean of a reported value over an interval is better than all before.
// chainer.training.triggers.BestValueTrigger.
class BestValueTrigger : public TriggerBase {
 public:
  // better(best, value) returns whether `value` is better than the best so far.
  BestValueTrigger(std::string key, std::function<bool(double, double)> better,
                   Trigger trigger = {1, "epoch"});
  // Throws if the key was not reported in the interval.
  bool operator()(Trainer& trainer) override;
  bool passed(const Trainer&) const override { return best_.has_value(); }
  void serialize(Serializer& s) override;

 private:
  std::string key_;
  std::function<bool(double, double)> better_;
  Trigger interval_;
  DictSummary summary_;
  std::optional<double> best_;
};

class MaxValueTrigger : public BestValueTrigger {
 public:
  explicit MaxValueTrigger(std::string key, Trigger trigger = {1, "epoch"});
};

class MinValueTrigger : public BestValueTrigger {
 public:
  explicit MinValueTrigger(std::string key, Trigger trigger = {1, "epoch"});
};

struct EarlyStoppingOptions {
  Trigger check_trigger = {1, "epoch"};
  std::string monitor = "main/loss";
  int patience = 3;
  std::string mode = "auto";     // max, min, or auto: max where the name has "accuracy" in it
  std::FILE* verbose = nullptr;  // where to say when it stops
  Trigger max_trigger = {100, "epoch"};
};

// A stop trigger: fires when the mean of a reported value has not improved for `patience` checks in
// a row, or when max_trigger fires. Checks without a reported value are skipped. Unlike Chainer's,
// it is saved in snapshots. chainer.training.triggers.EarlyStoppingTrigger.
class EarlyStoppingTrigger : public TriggerBase {
 public:
  EarlyStoppingTrigger() : EarlyStoppingTrigger(EarlyStoppingOptions()) {}
  explicit EarlyStoppingTrigger(EarlyStoppingOptions options);
  bool operator()(Trainer& trainer) override;
  bool passed(const Trainer& trainer) const override {
    return (count_ > 0 && count_ >= options_.patience) || options_.max_trigger.passed(trainer);
  }
  std::optional<TrainingLength> get_training_length() const override;
  void serialize(Serializer& s) override;

 private:
  EarlyStoppingOptions options_;
  bool greater_;
  DictSummary summary_;
  double best_;
  std::int64_t count_ = 0;
};

}  // namespace nn::training::triggers
