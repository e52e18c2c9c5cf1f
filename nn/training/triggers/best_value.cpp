#include "nn/training/triggers/best_value.h"

#include <fmt/format.h>

#include <limits>

#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/serialize_optional.h"
#include "nn/training/trainer.h"

namespace nn::training::triggers {
namespace {

void add_if_there(DictSummary& summary, const Trainer& trainer, const std::string& key) {
  if (const Observed* value = trainer.observation().find(key)) summary.add({{key, *value}});
}

}  // namespace

BestValueTrigger::BestValueTrigger(std::string key, std::function<bool(double, double)> better,
                                   Trigger trigger)
    : key_(std::move(key)), better_(std::move(better)), interval_(std::move(trigger)) {}

bool BestValueTrigger::operator()(Trainer& trainer) {
  add_if_there(summary_, trainer, key_);
  if (!interval_(trainer)) return false;
  const Means mean = summary_.compute_mean();
  if (!mean.contains(key_))
    throw autograd::Error(fmt::format(
        "BestValueTrigger: {} must be reported in each interval, but it was not in the last one",
        key_));
  const double value = mean.at(key_);
  summary_ = {};
  if (best_ && !better_(*best_, value)) return false;
  best_ = value;
  return true;
}

void BestValueTrigger::serialize(Serializer& s) {
  interval_.serialize(s["interval_trigger"]);
  summary_.serialize(s["summary"]);
  if (s.is_saving() || s.contains("best_value")) serialize_optional(s, "best_value", best_);
}

MaxValueTrigger::MaxValueTrigger(std::string key, Trigger trigger)
    : BestValueTrigger(
          std::move(key), [](double best, double value) { return value > best; },
          std::move(trigger)) {}

MinValueTrigger::MinValueTrigger(std::string key, Trigger trigger)
    : BestValueTrigger(
          std::move(key), [](double best, double value) { return value < best; },
          std::move(trigger)) {}

EarlyStoppingTrigger::EarlyStoppingTrigger(EarlyStoppingOptions options)
    : options_(std::move(options)),
      greater_(options_.mode == "max" ||
               (options_.mode == "auto" && options_.monitor.find("accuracy") != std::string::npos)),
      best_(greater_ ? -std::numeric_limits<double>::infinity()
                     : std::numeric_limits<double>::infinity()) {
  if (options_.mode != "max" && options_.mode != "min" && options_.mode != "auto")
    throw autograd::Error(fmt::format(
        "EarlyStoppingTrigger: mode must be max, min or auto, but is {}", options_.mode));
}

bool EarlyStoppingTrigger::operator()(Trainer& trainer) {
  add_if_there(summary_, trainer, options_.monitor);
  if (options_.max_trigger(trainer)) return true;
  if (!options_.check_trigger(trainer)) return false;
  if (!trainer.observation().contains(options_.monitor)) return false;
  const double value = summary_.compute_mean().at(options_.monitor);
  summary_ = {};
  if (greater_ ? value > best_ : value < best_) {
    best_ = value;
    count_ = 0;
  } else {
    ++count_;
  }
  if (count_ < options_.patience) return false;
  if (options_.verbose != nullptr)
    text::put(options_.verbose,
              fmt::format("Epoch {}: early stopping\n", trainer.updater().epoch()),
              "EarlyStoppingTrigger");
  return true;
}

std::optional<TrainingLength> EarlyStoppingTrigger::get_training_length() const {
  return options_.max_trigger.get_training_length();
}

void EarlyStoppingTrigger::serialize(Serializer& s) {
  options_.max_trigger.serialize(s["max_trigger"]);
  options_.check_trigger.serialize(s["interval_trigger"]);
  summary_.serialize(s["summary"]);
  if (!s.is_saving() && !s.contains_any({"best_value", "count"})) return;  // Chainer saves nothing
  s("best_value", best_);
  s.count("count", count_);
}

}  // namespace nn::training::triggers
