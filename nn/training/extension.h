#pragma once

#include <exception>
#include <string>

#include "nn/training/trigger.h"

namespace nn::training {

// The order in which extensions run in an iteration: writers add to the observation, editors change
// it, readers read it.
inline constexpr int kPriorityWriter = 300;
inline constexpr int kPriorityEditor = 200;
inline constexpr int kPriorityReader = 100;

// Something that a trainer does besides updating: chainer.training.Extension.
class Extension {
 public:
  virtual ~Extension() = default;
  virtual void operator()(Trainer& trainer) = 0;

  // Used where extend() is not told otherwise.
  virtual std::string default_name() const = 0;
  virtual Trigger default_trigger() { return {1, "iteration"}; }
  virtual int default_priority() const { return kPriorityReader; }

  // Before any extension is initialised: here a training that goes on loads what it goes on from, so
  // that initialize() sees the same state as after a load before run().
  virtual void restore(Trainer&) {}
  // Before the first iteration, even of a resumed training.
  virtual void initialize(Trainer&) {}
  // When a signal ends the training (RunOptions::stop_on_signal): after the last iteration and its
  // extensions. Returns the name of the file that the training can go on from, if this wrote one.
  virtual std::string on_stop(Trainer&) { return {}; }
  // When an exception ends the training.
  virtual void on_error(Trainer&, const std::exception&) {}
  // After the last iteration, however the training ended.
  virtual void finalize() {}
  virtual void serialize(Serializer&) {}

  // The name it was registered under; empty before.
  const std::string& name() const& { return name_; }
  std::string name() const&& { return name_; }
  void set_name(const std::string& name) { name_ = name; }

 private:
  std::string name_;
};

}  // namespace nn::training
