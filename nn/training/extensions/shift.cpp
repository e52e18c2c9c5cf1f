#include "nn/training/extensions/shift.h"

#include <fmt/format.h>

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
  if (!last_value_) last_value_ = value(t_, original_);  // else the training is resumed
  attribute = *last_value_;
}

void Shift::operator()(Trainer& trainer) {
  last_value_ = value(++t_, original_);
  attribute(trainer) = *last_value_;
}

void Shift::serialize(Serializer& s) {
  if (!s.is_saving() && !s.contains_any({"_t", "_last_value"})) return;
  s.count("_t", t_);
  serialize_optional(s, "_last_value", last_value_);
}

ExponentialShift::ExponentialShift(std::string attr, double rate, ExponentialShiftOptions options)
    : Shift(std::move(attr), options.optimizer), rate_(rate), options_(options) {
  if (rate < 0)
    throw autograd::Error(
        fmt::format("ExponentialShift: rate must not be negative, but is {}", rate));
}

double ExponentialShift::value(std::int64_t t, double current) {
  const double shifted = options_.init.value_or(current) * std::pow(rate_, static_cast<double>(t));
  if (!options_.target) return shifted;
  const double reached =
      shifted / *options_.target;  // a quotient, so that negative values are right, too
  return (rate_ > 1 ? reached > 1 : reached < 1) ? *options_.target : shifted;
}

LinearShift::LinearShift(std::string attr, std::pair<double, double> value_range,
                         std::pair<double, double> time_range, Optimizer* optimizer)
    : Shift(std::move(attr), optimizer), values_(value_range), times_(time_range) {}

double LinearShift::value(std::int64_t t, double) {
  const double time = static_cast<double>(t);
  if (time <= times_.first) return values_.first;
  if (time >= times_.second) return values_.second;
  const double rate = (time - times_.first) / (times_.second - times_.first);
  return values_.first + rate * (values_.second - values_.first);
}

}  // namespace nn::training::extensions
