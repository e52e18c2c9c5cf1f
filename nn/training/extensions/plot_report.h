#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nn/files/json.h"
#include "nn/reporting/summary.h"
#include "nn/training/extensions/plot_extension.h"

namespace nn::training::extensions {

struct PlotReportOptions {
  // When the means are added to the curves and the picture is written. The extension itself is to
  // be called in each iteration.
  Trigger trigger = {1, "epoch"};
  // May change the figure, and its panel, before they are drawn; `summary` is that of the interval.
  std::function<void(plot::Figure& figure, plot::Panel& axes, const DictSummary& summary)>
      postprocess = {};
  // In the folder of results. Chainer's older name for it is file_name.
  std::string filename = "plot.png";
  std::optional<std::string> marker = "x";  // matplotlib's: see plot::Series; None: none
  bool grid = true;
  std::FILE* warnings = stderr;  // where to say that gnuplot is missing; nullptr: nowhere
};

// Draws the means of reported values over each interval as curves, one for each of y_keys, against
// x_key: epoch, iteration, or one of y_keys. There is no picture before there is a value. Unlike
// Chainer's it draws by gnuplot, and where that is missing it goes on to collect values, so that a
// training resumed elsewhere draws all of them. chainer.training.extensions.PlotReport.
//
//   trainer.extend(extensions::PlotReport({"main/loss", "validation/main/loss"}, "epoch",
//                                         {.filename = "loss.png"}));
class PlotReport : public PlotExtension {
 public:
  // Throws on an unknown marker.
  explicit PlotReport(std::vector<std::string> y_keys, std::string x_key = "iteration",
                      PlotReportOptions options = {});

  // Throws where x_key has no value.
  void operator()(Trainer& trainer) override;
  std::string default_name() const override { return "PlotReport"; }
  void serialize(Serializer& s) override;

  const json::Curves& data() const& { return data_; }
  json::Curves data() const&& { return data_; }

 private:
  plot::Figure figure() const;

  std::vector<std::string> y_keys_;
  std::string x_key_;
  PlotReportOptions options_;
  DictSummary summary_;
  json::Curves data_;
};

}  // namespace nn::training::extensions
