#pragma once

#include <cstdio>

#include "nn/training/extension.h"

namespace nn::training::extensions {

struct NonNumberMonitorOptions {
  // Whether the training ends there: the sentence is then thrown as an Error.
  bool stop = false;
  // Where to say it; nullptr: nowhere.
  std::FILE* out = stdout;
};

// Says once, by name, which observed value has stopped being a finite number, and in which epoch
// and iteration. The training goes on, unless the options say otherwise. FailOnNonNumber looks at
// the parameters instead.
class NonNumberMonitor : public Extension {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor)
  NonNumberMonitor(const NonNumberMonitorOptions& options = {}) : options_(options) {}
  explicit NonNumberMonitor(std::FILE* out) : options_{.out = out} {}

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "NonNumberMonitor"; }
  void serialize(Serializer& s) override;

  // The epoch, counted from 1, of the first such value; 0 while there was none.
  std::int64_t epoch() const { return epoch_; }

 private:
  NonNumberMonitorOptions options_;
  std::int64_t epoch_ = 0;
};

}  // namespace nn::training::extensions
