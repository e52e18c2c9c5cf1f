#include "nn/reporting/summary.h"

#include <algorithm>
#include <cmath>

#include "nn/files/json.h"
#include "nn/serializers/serializer.h"

namespace nn {

void Summary::add(double value, std::int64_t weight) {
  const double w = static_cast<double>(weight);
  x_ += w * value;
  x2_ += w * (value * value);
  n_ += weight;
}

double Summary::std() const {
  const double n = static_cast<double>(n_);
  const double variance = x2_ / n - mean() * mean();
  return std::sqrt(std::max(0.0, variance));  // rounding errors may make it negative
}

void DictSummary::add(const Observation& values, std::int64_t weight) {
  for (const auto& [name, value] : values)
    if (value.is_scalar()) summaries_[name].add(value.item(), weight);
}

Means DictSummary::compute_mean() const {
  Means means;
  for (const auto& [name, summary] : summaries_) means[name] = summary.mean();
  return means;
}

Means DictSummary::make_statistics() const {
  Means statistics;
  for (const auto& [name, summary] : summaries_) {
    statistics[name] = summary.mean();
    statistics[name + ".std"] = summary.std();
  }
  return statistics;
}

void Summary::serialize(Serializer& s) {
  s("_x", x_);
  s("_x2", x2_);
  s.count("_n", n_);
}

void DictSummary::serialize(Serializer& s) {
  std::vector<std::string> names;
  if (s.is_saving()) {
    for (const auto& item : summaries_) names.push_back(item.first);
    s.value("_names", json::dumps(names));
  } else if (s.contains("_names")) {
    names = json::load_names(s.value("_names", ""), "DictSummary");
  }
  Dict<Summary> loaded;
  for (std::size_t i = 0; i < names.size(); ++i)
    (s.is_saving() ? summaries_ : loaded)[names[i]].serialize(s["_summaries"][std::to_string(i)]);
  if (s.is_loading()) summaries_ = loaded;
}

}  // namespace nn
