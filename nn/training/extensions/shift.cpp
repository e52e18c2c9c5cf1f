#include "nn/training/extensions/shift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "nn/optimizers/optimizer.h"
#include "nn/training/serialize_optional.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

double& Shift::attribute(Trainer& trainer) const {
  return (optimizer_ != nullptr ? *optimizer_ : trainer.updater().get_optimizer("main"))
      .hyperparameter(attr_);
}

void Shift::initialize(Trainer& trainer) {
  double& attribute = this->attribute(trainer);
  original_ = attribute;
  if (!last_value_) last_value_ = t_ == 0 ? initial(original_) : resumed(original_);
  attribute = *last_value_;
}

void Shift::operator()(Trainer& trainer) {
  const std::optional<double> next = value(++t_, original_);
  if (!next) return;
  last_value_ = next;
  attribute(trainer) = *next;
}

void Shift::serialize(Serializer& s) {
  if (!s.is_saving() && !s.contains_any({"_t", "_last_value"})) return;
  s.count("_t", t_);
  serialize_optional(s, "_last_value", last_value_);
}

void Shift::serialize_count(Serializer& s) {
  s.count("_t", t_);
  if (s.is_loading()) last_value_.reset();
}

// The value, or the target once it is passed. Quotients, so that negative values are right, too.
static double clipped(double value, const std::optional<double>& target, bool rising) {
  if (!target) return value;
  const double reached = value / *target;
  return (rising ? reached > 1 : reached < 1) ? *target : value;
}

ExponentialShift::ExponentialShift(std::string attr, double rate, ExponentialShiftOptions options)
    : Shift(std::move(attr), options.optimizer), rate_(rate), options_(options) {
  if (rate < 0)
    throw autograd::Error(
        fmt::format("ExponentialShift: rate must not be negative, but is {}", rate));
}

std::optional<double> ExponentialShift::value(std::int64_t t, double current) {
  return clipped(options_.init.value_or(current) * std::pow(rate_, static_cast<double>(t)),
                 options_.target, rate_ > 1);
}

LinearShift::LinearShift(std::string attr, std::pair<double, double> value_range,
                         std::pair<double, double> time_range, Optimizer* optimizer)
    : Shift(std::move(attr), optimizer), values_(value_range), times_(time_range) {}

std::optional<double> LinearShift::value(std::int64_t t, double) {
  const double time = static_cast<double>(t);
  if (time <= times_.first) return values_.first;
  if (time >= times_.second) return values_.second;
  const double rate = (time - times_.first) / (times_.second - times_.first);
  return values_.first + rate * (values_.second - values_.first);
}

InverseShift::InverseShift(std::string attr, double gamma, double power, ShiftOptions options)
    : Shift(std::move(attr), options.optimizer), gamma_(gamma), power_(power), options_(options) {
  if (!(gamma >= 0))
    throw autograd::Error(
        fmt::format("InverseShift: gamma must not be negative, but is {}", gamma));
}

std::optional<double> InverseShift::value(std::int64_t t, double current) {
  const double shifted =
      options_.init.value_or(current) * std::pow(1 + gamma_ * static_cast<double>(t), -power_);
  return clipped(shifted, options_.target, power_ < 0);
}

PolynomialShift::PolynomialShift(std::string attr, double rate, std::int64_t max_count,
                                 ShiftOptions options)
    : Shift(std::move(attr), options.optimizer),
      rate_(rate),
      max_count_(max_count),
      options_(options) {
  if (max_count <= 0)
    throw autograd::Error(
        fmt::format("PolynomialShift: max_count must be positive, but is {}", max_count));
}

std::optional<double> PolynomialShift::value(std::int64_t t, double current) {
  const double left = std::max(1 - static_cast<double>(t) / static_cast<double>(max_count_), 0.0);
  const double shifted = options_.init.value_or(current) * std::pow(left, rate_);
  if (!options_.target) return shifted;
  const double ahead = *options_.target / shifted;
  return (rate_ > 0 ? ahead > 1 : ahead < 1) ? *options_.target : shifted;
}

StepShift::StepShift(std::string attr, double gamma, double step, ShiftOptions options)
    : Shift(std::move(attr), options.optimizer), gamma_(gamma), step_(step), options_(options) {
  if (!(step > 0))
    throw autograd::Error(fmt::format("StepShift: step must be positive, but is {}", step));
}

std::optional<double> StepShift::value(std::int64_t t, double current) {
  const double steps = std::floor(static_cast<double>(t) / step_);
  return clipped(options_.init.value_or(current) * std::pow(gamma_, steps), options_.target,
                 gamma_ > 1);
}

MultistepShift::MultistepShift(std::string attr, double gamma, std::vector<double> step_value,
                               std::optional<double> init, Optimizer* optimizer)
    : Shift(std::move(attr), optimizer),
      gamma_(gamma),
      step_value_(std::move(step_value)),
      init_(init) {}

std::int64_t MultistepShift::current_step(std::int64_t t) const {
  std::int64_t steps = 0;
  double passed = 0;  // the call that passed the last step
  for (const double step : step_value_) {
    passed = std::max(passed + 1, std::ceil(step));
    if (!(passed <= static_cast<double>(t))) break;
    ++steps;
  }
  return steps;
}

std::optional<double> MultistepShift::value(std::int64_t t, double current) {
  return init_.value_or(current) * std::pow(gamma_, static_cast<double>(current_step(t)));
}

// The steps follow from the number of calls; files name them, too.
void MultistepShift::serialize(Serializer& s) {
  std::int64_t steps = current_step(t());
  serialize_count(s);
  s.count("_current_step", steps);
}

WarmupShift::WarmupShift(std::string attr, std::optional<double> warmup_start,
                         std::int64_t warmup_iter, double init, Optimizer* optimizer)
    : Shift(std::move(attr), optimizer),
      warmup_start_(warmup_start),
      warmup_iter_(warmup_iter),
      init_(init) {
  if (warmup_iter < 0)
    throw autograd::Error(
        fmt::format("WarmupShift: warmup_iter must not be negative, but is {}", warmup_iter));
}

std::optional<double> WarmupShift::value(std::int64_t t, double current) {
  const double start = warmup_start_.value_or(current);
  if (t == 0) return start;
  if (t > warmup_iter_) return {};
  const double calls = static_cast<double>(t), all = static_cast<double>(warmup_iter_);
  return (calls * init_ + (all - calls) * start) / all;
}

double WarmupShift::resumed(double current) { return value(t(), current).value_or(init_); }

}  // namespace nn::training::extensions
