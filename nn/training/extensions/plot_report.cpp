#include "nn/training/extensions/plot_report.h"

#include <fmt/format.h>

#include <utility>

#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {

PlotReport::PlotReport(std::vector<std::string> y_keys, std::string x_key,
                       PlotReportOptions options)
    : y_keys_(std::move(y_keys)), x_key_(std::move(x_key)), options_(std::move(options)) {
  for (const std::string& key : y_keys_) data_[key] = {};
  plot::check(plot::Series{.name = "PlotReport", .marker = options_.marker.value_or("")});
}

void PlotReport::operator()(Trainer& trainer) {
  Observation chosen;
  for (const std::string& key : y_keys_)
    if (const Observed* value = trainer.observation().find(key)) chosen[key] = *value;
  summary_.add(chosen);
  // The trigger is not called before training.
  if (!trainer.is_before_training() && !options_.trigger(trainer)) return;

  LogEntry entry;
  for (const auto& [name, mean] : summary_.compute_mean()) entry[name] = mean;
  entry["epoch"] = trainer.updater().epoch();
  entry["iteration"] = trainer.updater().iteration();
  const Number* x = entry.find(x_key_);
  if (x == nullptr)
    throw autograd::Error(
        fmt::format("PlotReport: x_key must be epoch, iteration or one of y_keys that is reported, "
                    "but {} is not",
                    x_key_));
  for (const std::string& key : y_keys_)
    if (const Number* y = entry.find(key)) data_[key].emplace_back(*x, *y);

  const DictSummary summary = std::exchange(summary_, {});
  plot::Figure figure = this->figure();
  if (figure.panels[0].series.empty()) return;
  if (options_.postprocess) options_.postprocess(figure, figure.panels[0], summary);
  draw(trainer, options_.filename, figure, options_.warnings);
}

plot::Figure PlotReport::figure() const {
  plot::Panel axes{.x_label = x_key_, .grid = options_.grid};
  for (const std::string& key : y_keys_) {
    const auto* points = data_.find(key);
    if (points == nullptr || points->empty()) continue;
    plot::Series series{.name = key, .marker = options_.marker.value_or("")};
    for (const auto& [x, y] : *points) {
      series.x.push_back(x);
      series.y.push_back(y);
    }
    axes.series.push_back(std::move(series));
  }
  return {.panels = {axes}};
}

void PlotReport::serialize(Serializer& s) {
  const std::string key = "_plot_" + options_.filename;
  if (s.is_saving()) {
    s.value(key, json::dumps(data_));
  } else {
    json::Curves data = json::load_curves(s.value(key, "{}"), "PlotReport");
    if (s.is_loading()) data_ = std::move(data);
  }
  // Chainer does not save these values. A training that was stopped within an interval needs them.
  if (!s.is_saving() && !s["_summary"].contains("_names")) return;
  options_.trigger.serialize(s["_trigger"]);
  summary_.serialize(s["_summary"]);
}

}  // namespace nn::training::extensions
