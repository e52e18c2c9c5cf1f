#pragma once

#include <cstdio>

#include "nn/training/extension.h"

namespace nn::training::extensions {

// Says once, by name, which observed value stopped to be a finite number, and in which epoch and
// iteration; the training goes on. FailOnNonNumber ends it instead.
class NonNumberMonitor : public Extension {
 public:
  // `out`: where to say it; nullptr: nowhere.
  explicit NonNumberMonitor(std::FILE* out = stdout) : out_(out) {}

  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "NonNumberMonitor"; }
  void serialize(Serializer& s) override;

  // The epoch, counted from 1, of the first such value; 0 while there was none.
  std::int64_t epoch() const { return epoch_; }

 private:
  std::FILE* out_;
  std::int64_t epoch_ = 0;
};

}  // namespace nn::training::extensions
