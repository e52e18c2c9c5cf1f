#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nn {
class Serializer;
}

namespace nn::training {

class Trainer;

// The length of a training: {20, "epoch"}.
struct TrainingLength {
  double period;
  std::string unit;  // epoch or iteration
};

// The base class of stateful triggers; see triggers/.
class TriggerBase {
 public:
  virtual ~TriggerBase() = default;
  // Called once in each iteration, after the update. Returns whether the trigger fires.
  virtual bool operator()(Trainer& trainer) = 0;
  // Whether the trigger will never fire again; then its extension is not initialised.
  virtual bool finished() const { return false; }
  // Whether a training with this stop trigger is already over. A trainer asks its stop trigger
  // before the first iteration, because a training may be resumed from beyond its end.
  virtual bool passed(const Trainer&) const { return false; }
  virtual std::optional<TrainingLength> get_training_length() const { return {}; }
  virtual void serialize(Serializer&) {}
};

// Decides in each iteration whether an extension runs or the training ends. A handle: copies are
// the same trigger.
//   {20, "epoch"}, {0.5, "epoch"}, {100, "iteration"}    an IntervalTrigger, as in Chainer
//   triggers::EarlyStoppingTrigger()                     any trigger of triggers/
//   [](Trainer& trainer) { return trainer.updater().iteration() == 7; }
// A default-constructed Trigger never fires; it corresponds to Python's None.
class Trigger {
 public:
  Trigger() = default;
  // Fires every `period` epochs or iterations.
  template <class N>
  requires std::is_arithmetic_v<N> Trigger(N period, std::string_view unit)
      : base_(interval(static_cast<double>(period), unit)) {}
  // NOLINTBEGIN(google-explicit-constructor): a trigger is given where one is wanted
  template <class T>
  requires std::derived_from<T, TriggerBase> Trigger(T trigger)
      : base_(std::make_shared<T>(std::move(trigger))) {}
  template <class F>
  requires(!std::derived_from<F, TriggerBase> && !std::same_as<F, Trigger> &&
           std::predicate<F&, Trainer&>) Trigger(F f)
      : base_(function(std::move(f))) {}
  // NOLINTEND(google-explicit-constructor)

  explicit operator bool() const { return base_ != nullptr; }
  // Without a trigger, never fires.
  bool operator()(Trainer& trainer) const { return base_ && (*base_)(trainer); }
  bool finished() const { return base_ && base_->finished(); }
  bool passed(const Trainer& trainer) const { return base_ && base_->passed(trainer); }
  std::optional<TrainingLength> get_training_length() const;
  void serialize(Serializer& s) const {
    if (base_) base_->serialize(s);
  }

 private:
  static std::shared_ptr<TriggerBase> interval(double period, std::string_view unit);
  static std::shared_ptr<TriggerBase> function(std::function<bool(Trainer&)> f);

  std::shared_ptr<TriggerBase> base_;
};

// The trigger itself: get_trigger({20, "epoch"}). chainer.training.get_trigger.
inline Trigger get_trigger(Trigger trigger) { return trigger; }

}  // namespace nn::training
