#include "examples/pictures/log_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "autograd/base/error.h"
#include "nn/files/read_file.h"

namespace pictures {
namespace {

using autograd::Error;
using Json = nlohmann::ordered_json;  // keeps the file's order of keys

// Python writes NaN, Infinity and -Infinity, which are not JSON, where nlohmann writes null.
std::string without_python_numbers(std::string_view text) {
  std::string result;
  bool in_string = false;
  while (!text.empty()) {
    std::size_t taken = 1;
    std::string_view written = text.substr(0, 1);
    if (in_string) {
      if (text.front() == '\\') written = text.substr(0, taken = 2);
      if (text.front() == '"') in_string = false;
    } else {
      if (text.front() == '"') in_string = true;
      for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
        if (text.substr(0, word.size()) != word) continue;
        taken = word.size();
        written = "null";
      }
    }
    result += written;
    text.remove_prefix(std::min(taken, text.size()));
  }
  return result;
}

Json read_log(const std::string& path) {
  constexpr std::uint64_t kMost = 1u << 30;
  const nn::Bytes bytes = nn::read_file(path, "plot_log", kMost);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  Json log;
  try {
    log = Json::parse(without_python_numbers(text));
  } catch (const Json::exception&) {
    throw Error(
        fmt::format("plot_log: the log must be JSON as LogReport writes it, but {} is not", path));
  }
  const auto is_entry = [](const Json& entry) { return entry.is_object(); };
  if (!log.is_array() || !std::all_of(log.begin(), log.end(), is_entry)) {
    throw Error(fmt::format("plot_log: the log must be a list of objects, but {} is not", path));
  }
  return log;
}

double number_at(const Json& entry, const std::string& key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_number() ? found->get<double>() : NAN;
}

// The quantities in order of appearance, the loss before its parts: loss of main/loss and of
// validation/main/loss.
std::vector<std::string> quantities(const Json& log) {
  std::vector<std::string> names;
  for (const Json& entry : log) {
    for (const auto& [key, value] : entry.items()) {
      for (const std::string_view prefix : {"main/", "validation/main/"}) {
        if (key.compare(0, prefix.size(), prefix) != 0) continue;
        const std::string name = key.substr(prefix.size());
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  }
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name == "loss"; });
  return names;
}

// The values for one key against the axis; empty if no entry has the key.
Series curve(const Json& log, const std::string& name, const std::string& key,
             const std::string& axis) {
  Series series;
  series.name = name;
  for (const Json& entry : log) {
    if (!entry.contains(key)) continue;
    series.x.push_back(number_at(entry, axis));
    series.y.push_back(number_at(entry, key));
  }
  return series;
}

bool one_entry_an_epoch(const Json& log) {
  double last = -INFINITY;
  for (const Json& entry : log) {
    const double epoch = number_at(entry, "epoch");
    if (!(epoch > last)) return false;
    last = epoch;
  }
  return true;
}

}  // namespace

Figure log_figure(const std::string& log_path) {
  const Json log = read_log(log_path);
  const std::string axis = one_entry_an_epoch(log) ? "epoch" : "iteration";
  Figure figure;
  for (const std::string& name : quantities(log)) {
    Plot plot;
    plot.title = name;
    plot.x_label = axis;
    int color = 0;
    for (const auto& [label, prefix] :
         {std::pair{"training", "main/"}, std::pair{"validation", "validation/main/"}}) {
      Series series = curve(log, label, prefix + name, axis);
      series.color = color++;
      if (!series.x.empty()) plot.series.push_back(series);
    }
    if (plot.series.size() == 1) plot.series[0].name.clear();  // nothing to tell it from
    // A count of units is read against none.
    if (name == "active_units") plot.horizontal.push_back({0, ""});
    figure.plots.push_back(plot);
  }
  if (figure.plots.empty()) {
    throw Error(
        fmt::format("plot_log: the log must report a value under main/ or validation/main/, but {}"
                    " reports none",
                    log_path));
  }
  figure.columns = figure.plots.size() == 4 ? 2 : 3;
  figure.width = figure.plots.size() == 1 ? 420 : 270;
  figure.height = figure.plots.size() == 1 ? 280 : 215;
  return figure;
}

bool plot_log(const std::string& log_path, const std::string& png_path) {
  return write_plot(png_path, log_figure(log_path));
}

}  // namespace pictures
