#pragma once

#include <cstdio>
#include <optional>

#include "nn/training/bar.h"
#include "nn/training/extension.h"

namespace nn::training::extensions {

struct ProgressBarOptions {
  // That of the stop trigger, unless given.
  std::optional<TrainingLength> training_length = {};
  int update_interval = 100;  // iterations from one print to the next
  int bar_length = 50;
  std::FILE* out = stdout;
  // Print also where `out` is a file or a pipe, as Chainer does; a log would fill up with what was
  // meant to be overwritten.
  bool to_files = false;
};

// Shows how far the training and the epoch are, how fast it goes, and how long it will take.
// chainer.training.extensions.ProgressBar.
class ProgressBar : public Extension {
 public:
  ProgressBar() : ProgressBar(ProgressBarOptions()) {}
  explicit ProgressBar(ProgressBarOptions options);

  // Throws where no training_length is given and the stop trigger has none.
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "ProgressBar"; }
  void finalize() override { bar_.close(); }

 private:
  ProgressBarOptions options_;
  Bar bar_;
};

}  // namespace nn::training::extensions
