#pragma once

#include <cstdio>

#include "nn/training/extension.h"

namespace nn::training::extensions {

struct NonNumberMonitorOptions {
  // Whether to end the training: the message is then thrown as an Error.
  bool stop = false;
  // Where to print the message; nullptr: nowhere.
  std::FILE* out = stdout;
};

// Prints a message once, when an observed value becomes NaN or infinite: the value's name, the
// epoch and the iteration. The training continues unless options.stop. FailOnNonNumber checks
// parameters instead.
class NonNumberMonitor : public Extension {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor)
  NonNumberMonitor(const NonNumberMonitorOptions& options = {}) : options_(options) {}
  explicit NonNumberMonitor(std::FILE* out) : options_{.out = out} {}

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "NonNumberMonitor"; }
  void serialize(Serializer& s) override;

  // The epoch, counted from 1, of the first value that was not finite; 0 if there was none.
  std::int64_t epoch() const { return epoch_; }

 private:
  NonNumberMonitorOptions options_;
  std::int64_t epoch_ = 0;
};

}  // namespace nn::training::extensions
