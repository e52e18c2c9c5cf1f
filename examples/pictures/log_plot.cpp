#include "examples/pictures/log_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "nn/files/json.h"
#include "nn/files/read_file.h"

namespace pictures {
namespace {

using Log = std::vector<nn::LogEntry>;

Log read_log(const std::string& path) {
  constexpr std::uint64_t kMost = 1u << 30;
  const nn::Bytes bytes = nn::read_file(path, "plot_log", kMost);
  return nn::json::load_log({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                            "plot_log: " + path);
}

// The names of the quantities in order of appearance, but `loss` first. main/loss and
// validation/main/loss both have the name `loss`.
std::vector<std::string> quantities(const Log& log) {
  std::vector<std::string> names;
  for (const nn::LogEntry& entry : log) {
    for (const auto& [key, value] : entry) {
      for (const std::string_view prefix : {"main/", "validation/main/"}) {
        if (!key.starts_with(prefix)) continue;
        const std::string name = key.substr(prefix.size());
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  }
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name == "loss"; });
  return names;
}

// The values of a key against the values of the axis; empty if no entry has the key.
nn::plot::Series curve(const Log& log, const std::string& name, const std::string& key,
                       const std::string& axis) {
  nn::plot::Series series{.name = name};
  for (const nn::LogEntry& entry : log) {
    const nn::Number* y = entry.find(key);
    if (y == nullptr) continue;
    const nn::Number* x = entry.find(axis);
    series.x.push_back(x != nullptr ? double(*x) : NAN);
    series.y.push_back(*y);
  }
  constexpr std::size_t kFew = 30;
  if (series.x.size() <= kFew) series.marker = "o";
  return series;
}

bool one_entry_an_epoch(const Log& log) {
  double last = -INFINITY;
  for (const nn::LogEntry& entry : log) {
    const nn::Number* epoch = entry.find("epoch");
    if (epoch == nullptr || !(*epoch > last)) return false;
    last = *epoch;
  }
  return true;
}

}  // namespace

nn::plot::Figure log_figure(const std::string& log_path) {
  const Log log = read_log(log_path);
  const std::string axis = one_entry_an_epoch(log) ? "epoch" : "iteration";
  nn::plot::Figure figure;
  for (const std::string& name : quantities(log)) {
    nn::plot::Panel panel{.title = name, .x_label = axis};
    int color = 0;
    for (const auto& [label, prefix] :
         {std::pair{"training", "main/"}, std::pair{"validation", "validation/main/"}}) {
      nn::plot::Series series = curve(log, label, prefix + name, axis);
      series.color = color++;
      if (!series.x.empty()) panel.series.push_back(series);
    }
    // The axis of a number of units begins at 0.
    if (name == "active_units") panel.horizontal.push_back({.at = 0});
    figure.panels.push_back(panel);
  }
  if (figure.panels.empty())
    throw autograd::Error(
        fmt::format("plot_log: the log must report a value under main/ or validation/main/, but {}"
                    " reports none",
                    log_path));
  figure.columns = figure.panels.size() == 4 ? 2 : 3;
  if (figure.panels.size() > 1) {
    figure.width = 520;
    figure.height = 400;
  }
  return figure;
}

void plot_log(const std::string& log_path, const std::string& png_path) {
  nn::plot::write_figure(png_path, log_figure(log_path));
}

}  // namespace pictures
