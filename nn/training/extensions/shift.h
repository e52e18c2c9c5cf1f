#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nn/training/extension.h"

namespace nn {
class Optimizer;
}

namespace nn::training::extensions {

// Sets a hyperparameter of an optimizer, before training and at each call, to a value that depends
// on the number of calls. The value holds for the next update. A resumed training goes on with the
// value that it would have had.
class Shift : public Extension {
 public:
  // If `optimizer` is null, the main optimizer.
  Shift(std::string attr, Optimizer* optimizer) : attr_(std::move(attr)), optimizer_(optimizer) {}

  void operator()(Trainer& trainer) override;
  void initialize(Trainer& trainer) override;
  void serialize(Serializer& s) override;

 protected:
  // The value after t calls, or none if the hyperparameter is to stay as it is; `current` is the
  // hyperparameter's value before training.
  virtual std::optional<double> value(std::int64_t t, double current) = 0;
  // The value before the first call.
  virtual double initial(double current) { return value(0, current).value_or(current); }
  // The value with which a training goes on whose snapshot holds none.
  virtual double resumed(double current) { return value(t_, current).value_or(current); }

  // The number of calls.
  std::int64_t t() const { return t_; }
  // Saves and loads the number of calls alone.
  void serialize_count(Serializer& s);

 private:
  double& attribute(Trainer& trainer) const;

  std::string attr_;
  Optimizer* optimizer_;
  std::int64_t t_ = 0;
  std::optional<double> last_value_;
  double original_ = 0;
};

struct ShiftOptions {
  std::optional<double> init = {};    // the hyperparameter as it is, unless given
  std::optional<double> target = {};  // where to stop
  Optimizer* optimizer = nullptr;     // the main one, unless given
};
using ExponentialShiftOptions = ShiftOptions;

// init * rate^t, clipped at the target. chainer.training.extensions.ExponentialShift.
class ExponentialShift : public Shift {
 public:
  // Throws if rate is negative.
  ExponentialShift(std::string attr, double rate, ExponentialShiftOptions options = {});
  std::string default_name() const override { return "ExponentialShift"; }

 private:
  std::optional<double> value(std::int64_t t, double current) override;
  double initial(double current) override { return options_.init.value_or(current); }

  double rate_;
  ShiftOptions options_;
};

// The first value up to call time_range.first, the second value from call time_range.second on, and
// linear interpolation in between. chainer.training.extensions.LinearShift.
class LinearShift : public Shift {
 public:
  LinearShift(std::string attr, std::pair<double, double> value_range,
              std::pair<double, double> time_range, Optimizer* optimizer = nullptr);
  std::string default_name() const override { return "LinearShift"; }

 private:
  std::optional<double> value(std::int64_t t, double current) override;

  std::pair<double, double> values_, times_;
};

// init * (1 + gamma * t)^-power, clipped at the target. chainer.training.extensions.InverseShift.
class InverseShift : public Shift {
 public:
  // Throws if gamma is negative.
  InverseShift(std::string attr, double gamma, double power, ShiftOptions options = {});
  std::string default_name() const override { return "InverseShift"; }

 private:
  std::optional<double> value(std::int64_t t, double current) override;
  double initial(double current) override { return options_.init.value_or(current); }

  double gamma_, power_;
  ShiftOptions options_;
};

// init * (1 - t / max_count)^rate, clipped at the target; from call max_count on, the target, or 0
// without one. chainer.training.extensions.PolynomialShift, which ends the training with a division
// by zero when it reaches max_count with a target.
class PolynomialShift : public Shift {
 public:
  // Throws unless max_count is positive.
  PolynomialShift(std::string attr, double rate, std::int64_t max_count, ShiftOptions options = {});
  std::string default_name() const override { return "PolynomialShift"; }

 private:
  std::optional<double> value(std::int64_t t, double current) override;
  double initial(double current) override { return options_.init.value_or(current); }

  double rate_;
  std::int64_t max_count_;
  ShiftOptions options_;
};

// init * gamma^floor(t / step), clipped at the target. chainer.training.extensions.StepShift.
class StepShift : public Shift {
 public:
  // Throws unless step is positive; it may be a fraction.
  StepShift(std::string attr, double gamma, double step, ShiftOptions options = {});
  std::string default_name() const override { return "StepShift"; }

 private:
  std::optional<double> value(std::int64_t t, double current) override;
  double initial(double current) override { return options_.init.value_or(current); }

  double gamma_, step_;
  ShiftOptions options_;
};

// init * gamma^k, where k is the number of step values that were reached; a call passes at most one
// of them, so that of two equal ones the second takes effect one call later. Without `init`, the
// hyperparameter as it is. chainer.training.extensions.MultistepShift; unlike it, a resumed training
// goes on with the value of the step that it was in.
class MultistepShift : public Shift {
 public:
  MultistepShift(std::string attr, double gamma, std::vector<double> step_value,
                 std::optional<double> init, Optimizer* optimizer = nullptr);
  std::string default_name() const override { return "MultistepShift"; }
  void serialize(Serializer& s) override;

 private:
  std::optional<double> value(std::int64_t t, double current) override;
  // How many steps are passed after t calls.
  std::int64_t current_step(std::int64_t t) const;

  double gamma_;
  std::vector<double> step_value_;
  std::optional<double> init_;
};

// Goes evenly from warmup_start to init in the first warmup_iter calls, and leaves the
// hyperparameter alone afterwards. Without `warmup_start`, it begins at the hyperparameter as it is.
// chainer.training.extensions.WarmupShift; unlike it, a training that is resumed after the warm-up
// begins at init, not at warmup_start.
class WarmupShift : public Shift {
 public:
  // Throws if warmup_iter is negative.
  WarmupShift(std::string attr, std::optional<double> warmup_start, std::int64_t warmup_iter,
              double init, Optimizer* optimizer = nullptr);
  std::string default_name() const override { return "WarmupShift"; }
  void serialize(Serializer& s) override { serialize_count(s); }

 private:
  std::optional<double> value(std::int64_t t, double current) override;
  double resumed(double current) override;

  std::optional<double> warmup_start_;
  std::int64_t warmup_iter_;
  double init_;
};

}  // namespace nn::training::extensions
