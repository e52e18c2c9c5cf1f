#pragma once

#include <cstdio>
#include <optional>

#include "nn/training/bar.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct ProgressBarOptions {
  // By default that of the stop trigger.
  std::optional<TrainingLength> training_length = {};
  int update_interval = 100;  // iterations from one print to the next
  int bar_length = 50;
  std::FILE* out = stdout;
  // Also print if `out` is a file or a pipe, as Chainer does. By default off, because the bars
  // would not be overwritten but fill the file.
  bool to_files = false;
};

// Shows the progress of the training and of the epoch, the speed, and the estimated time left.
// chainer.training.extensions.ProgressBar.
class ProgressBar : public Extension {
 public:
  ProgressBar() : ProgressBar(ProgressBarOptions()) {}
  explicit ProgressBar(ProgressBarOptions options);

  // Throws if no training_length is given and the stop trigger has none.
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "ProgressBar"; }
  void finalize() override { bar_.close(); }

 private:
  ProgressBarOptions options_;
  Bar bar_;
};

}  // namespace nn::training::extensions
