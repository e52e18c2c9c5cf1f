#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nn/training/extension.h"

namespace cifar_vae {

// Draws what LogReport has written of the given values against x_key, epoch or
// iteration, and writes the picture anew after each epoch.
// chainer.training.extensions.PlotReport, without its memory: the log is one.
// Without cairo it does nothing.
class PlotReport : public nn::training::Extension {
 public:
  explicit PlotReport(std::vector<std::string> y_keys, std::string x_key = "epoch",
                      std::string filename = "plot.png", std::string log = "log")
      : y_keys_(std::move(y_keys)),
        x_key_(std::move(x_key)),
        filename_(std::move(filename)),
        log_(std::move(log)) {}

  void operator()(nn::training::Trainer& trainer) override;
  std::string default_name() const override { return "PlotReport"; }
  nn::training::Trigger default_trigger() override { return {1, "epoch"}; }
  // After LogReport.
  int default_priority() const override { return nn::training::kPriorityReader - 10; }

 private:
  std::vector<std::string> y_keys_;
  std::string x_key_, filename_, log_;
};

}  // namespace cifar_vae
