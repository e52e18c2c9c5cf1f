#pragma once

#include <optional>
#include <string>
#include <utility>

#include "nn/training/extension.h"

namespace nn {
class Optimizer;
}

namespace nn::training::extensions {

// Sets a hyperparameter of an optimizer, before training and at each call, to a value that depends
// on the number of calls.
class Shift : public Extension {
 public:
  // If `optimizer` is null, the main optimizer.
  Shift(std::string attr, Optimizer* optimizer) : attr_(std::move(attr)), optimizer_(optimizer) {}

  void operator()(Trainer& trainer) override;
  void initialize(Trainer& trainer) override;
  void serialize(Serializer& s) override;

 protected:
  // The value after t calls; `current` is the hyperparameter's value before training.
  virtual double value(std::int64_t t, double current) = 0;

 private:
  double& attribute(Trainer& trainer) const;

  std::string attr_;
  Optimizer* optimizer_;
  std::int64_t t_ = 0;
  std::optional<double> last_value_;
  double original_ = 0;
};

struct ExponentialShiftOptions {
  std::optional<double> init = {};    // the hyperparameter as it is, unless given
  std::optional<double> target = {};  // where to stop
  Optimizer* optimizer = nullptr;     // the main one, unless given
};

// init * rate^t, clipped at the target. chainer.training.extensions.ExponentialShift.
class ExponentialShift : public Shift {
 public:
  // Throws if rate is negative.
  ExponentialShift(std::string attr, double rate, ExponentialShiftOptions options = {});
  std::string default_name() const override { return "ExponentialShift"; }

 private:
  double value(std::int64_t t, double current) override;

  double rate_;
  ExponentialShiftOptions options_;
};

// The first value up to call time_range.first, the second value from call time_range.second on, and
// linear interpolation in between. chainer.training.extensions.LinearShift.
class LinearShift : public Shift {
 public:
  LinearShift(std::string attr, std::pair<double, double> value_range,
              std::pair<double, double> time_range, Optimizer* optimizer = nullptr);
  std::string default_name() const override { return "LinearShift"; }

 private:
  double value(std::int64_t t, double current) override;

  std::pair<double, double> values_, times_;
};

}  // namespace nn::training::extensions
