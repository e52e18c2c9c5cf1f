#pragma once

#include <exception>
#include <string>

#include "nn/training/trigger.h"

namespace nn::training {

// Priorities: in an iteration, extensions of higher priority run first. Writers add to the
// observation, editors change it, readers read it.
inline constexpr int kPriorityWriter = 300;
inline constexpr int kPriorityEditor = 200;
inline constexpr int kPriorityReader = 100;

// An extension of the training loop: chainer.training.Extension.
class Extension {
 public:
  virtual ~Extension() = default;
  virtual void operator()(Trainer& trainer) = 0;

  // The defaults of extend().
  virtual std::string default_name() const = 0;
  virtual Trigger default_trigger() { return {1, "iteration"}; }
  virtual int default_priority() const { return kPriorityReader; }

  // Called before any extension is initialised. A snapshot extension loads a snapshot here, so that
  // initialize() sees the same state as after a load before run().
  virtual void restore(Trainer&) {}
  // Called before the first iteration, also of a resumed training.
  virtual void initialize(Trainer&) {}
  // Called if a signal ends the training (RunOptions::stop_on_signal), after the last iteration and
  // its extensions. Returns the name of the file from which the training can be resumed, if this
  // extension wrote one.
  virtual std::string on_stop(Trainer&) { return {}; }
  // Called if an exception ends the training.
  virtual void on_error(Trainer&, const std::exception&) {}
  // Called after the last iteration, however the training ended.
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
