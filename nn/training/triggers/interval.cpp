#include "nn/training/triggers/interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::triggers {
namespace {

// Python's a // b, which unlike floor(a / b) is never off by one through the rounding of a / b: 1
// // 0.1 is 9.
double floor_divide(double a, double b) {
  const double remainder = std::fmod(a, b);
  const double quotient =
      (a - remainder) / b - ((remainder != 0 && (remainder < 0) != (b < 0)) ? 1 : 0);
  const double floored = std::floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

}  // namespace

CountingTrigger::CountingTrigger(std::string_view op, std::string_view unit) : unit_(unit) {
  if (unit != "epoch" && unit != "iteration")
    throw autograd::Error(fmt::format("{}: unit must be epoch or iteration, but is {}", op, unit));
}

bool CountingTrigger::operator()(Trainer& trainer) {
  const Updater& updater = trainer.updater();
  double previous, now;
  if (unit_ == "epoch") {
    now = updater.epoch_detail();
    previous =
        previous_epoch_detail_ < 0 ? updater.previous_epoch_detail() : previous_epoch_detail_;
  } else {
    now = static_cast<double>(updater.iteration());
    previous = previous_iteration_ < 0 ? now - 1 : static_cast<double>(previous_iteration_);
  }
  const bool fire = fires(previous, now);
  previous_iteration_ = updater.iteration();
  previous_epoch_detail_ = updater.epoch_detail();
  return fire;
}

bool CountingTrigger::passed(const Trainer& trainer) const {
  const Updater& updater = trainer.updater();
  const double now =
      unit_ == "epoch" ? updater.epoch_detail() : static_cast<double>(updater.iteration());
  return now >= first_point();
}

IntervalTrigger::IntervalTrigger(double period, std::string_view unit)
    : CountingTrigger("IntervalTrigger", unit), period_(period) {
  if (!(period > 0))
    throw autograd::Error(
        fmt::format("IntervalTrigger: period must be positive, but is {}", period));
}

bool IntervalTrigger::fires(double previous, double now) {
  return floor_divide(previous, period_) != floor_divide(now, period_);
}

ManualScheduleTrigger::ManualScheduleTrigger(std::vector<double> points, std::string_view unit)
    : CountingTrigger("ManualScheduleTrigger", unit), points_(std::move(points)) {
  if (points_.empty())
    throw autograd::Error("ManualScheduleTrigger: there must be a point, but there is none");
  if (std::any_of(points_.begin(), points_.end(), [](double p) { return std::isnan(p); }))
    throw autograd::Error("ManualScheduleTrigger: points must be numbers, but one is NaN");
}

double ManualScheduleTrigger::first_point() const {
  return *std::min_element(points_.begin(), points_.end());
}

bool ManualScheduleTrigger::fires(double previous, double now) {
  if (now >= *std::max_element(points_.begin(), points_.end())) finished_ = true;
  return std::any_of(points_.begin(), points_.end(),
                     [&](double p) { return previous < p && p <= now; });
}

// A snapshot that was made without this trigger does not contain its state. The state is then
// guessed at the next call.
void CountingTrigger::serialize(Serializer& s) {
  if (s.is_saving() || s.contains_any({"previous_iteration", "previous_epoch_detail"})) {
    s.within("previous_iteration", previous_iteration_, -1, Serializer::kMostCount);
    s.within("previous_epoch_detail", previous_epoch_detail_, -1,
             static_cast<double>(Serializer::kMostCount));
  } else if (s.is_loading()) {
    previous_iteration_ = -1;
    previous_epoch_detail_ = -1;
  }
}

void ManualScheduleTrigger::serialize(Serializer& s) {
  CountingTrigger::serialize(s);
  if (s.is_saving() || s.contains("finished")) s("finished", finished_);
}

}  // namespace nn::training::triggers
