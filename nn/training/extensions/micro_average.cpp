#include "nn/training/extensions/micro_average.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

MicroAverage::MicroAverage(std::string numerator_key, std::string denominator_key,
                           std::string result_key, Trigger trigger)
    : numerator_key_(std::move(numerator_key)),
      denominator_key_(std::move(denominator_key)),
      result_key_(std::move(result_key)),
      trigger_(std::move(trigger)) {}

void MicroAverage::operator()(Trainer& trainer) {
  const Observed* const numerator = trainer.observation().find(numerator_key_);
  const Observed* const denominator = trainer.observation().find(denominator_key_);
  if (numerator == nullptr || denominator == nullptr) return;
  numerator_ += numerator->item();
  denominator_ += denominator->item();
  if (!trigger_(trainer)) return;
  if (denominator_ == 0)
    throw autograd::Error(fmt::format(
        "MicroAverage: the values of {} must not sum to 0 over an interval, but they do",
        denominator_key_));
  trainer.observation()[result_key_] = numerator_ / denominator_;
  numerator_ = denominator_ = 0;
}

// A sum of whole numbers is saved as one: Chainer, which starts from the integer 0, loads only such.
static void serialize_sum(Serializer& s, std::string_view key, double& sum) {
  const auto whole = static_cast<std::int64_t>(std::fabs(sum) < 9e15 ? sum : 0);
  if (s.is_saving() && static_cast<double>(whole) == sum)
    s.value(key, whole);
  else
    s(key, sum);
}

void MicroAverage::serialize(Serializer& s) {
  serialize_sum(s, "_numerator", numerator_);
  serialize_sum(s, "_denominator", denominator_);
  // Chainer's files lack the trigger's state; then the interval begins anew.
  if (!s.is_saving() && !s.contains("_trigger_is_saved") &&
      !s["_trigger"].contains_any({"previous_iteration", "previous_epoch_detail"}))
    return;
  s.value("_trigger_is_saved", true);
  trigger_.serialize(s["_trigger"]);
}

}  // namespace nn::training::extensions
