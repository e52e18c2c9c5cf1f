#include "nn/training/triggers/time.h"

#include <fmt/format.h>

#include <limits>

#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::triggers {

bool OnceTrigger::operator()(Trainer&) {
  const bool fire = !finished();
  first_ = resumed_ = false;
  return fire;
}

TimeTrigger::TimeTrigger(double period) : period_(period), next_time_(period) {
  if (!(period > 0))
    throw autograd::Error(fmt::format("TimeTrigger: period must be positive, but is {}", period));
}

bool TimeTrigger::operator()(Trainer& trainer) {
  if (!(next_time_ < trainer.elapsed_time())) return false;
  next_time_ += period_;
  return true;
}

bool TimeTrigger::passed(const Trainer& trainer) const { return period_ < trainer.elapsed_time(); }

void OnceTrigger::serialize(Serializer& s) {
  if (s.is_saving() || s.contains("_flag_first"))
    s("_flag_first", first_);
  else if (s.is_loading())
    first_ = false;
}

void TimeTrigger::serialize(Serializer& s) {
  if (s.is_saving() || s.contains("next_time"))
    s.within("next_time", next_time_, 0, std::numeric_limits<double>::max());
}

}  // namespace nn::training::triggers
