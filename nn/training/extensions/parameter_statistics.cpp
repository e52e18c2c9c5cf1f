#include "nn/training/extensions/parameter_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "nn/optimizers/optimizer.h"
#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {
namespace {

using autograd::Array;
using autograd::Error;
using Values = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool has_nan(const Values& x) {
  return std::any_of(x.begin(), x.end(), [](double v) { return std::isnan(v); });
}

double mean_of(const Values& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double standard_deviation(const Values& x) {
  const double centre = mean_of(x);
  double squares = 0;
  for (const double v : x) squares += (v - centre) * (v - centre);
  return std::sqrt(squares / static_cast<double>(x.size()));
}

// Linear between the two nearest values, as NumPy's.
Values percentiles_of(Values x, const Values& percents) {
  if (x.empty() || has_nan(x)) return Values(percents.size(), kNan);
  std::sort(x.begin(), x.end());
  Values result;
  for (const double percent : percents) {
    const double place = percent / 100 * static_cast<double>(x.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, x.size() - 1);
    result.push_back(x[below] + (place - std::floor(place)) * (x[above] - x[below]));
  }
  return result;
}

// The name under which a target of an optimizer has this link.
std::string name_of(const Link& link, const Trainer& trainer) {
  for (const auto& [key, optimizer] : trainer.updater().get_all_optimizers())
    for (const auto& [path, member] : optimizer->target().namedlinks())
      if (member == &link && path != "/") return path.substr(path.rfind('/') + 1);
  return "None";
}

}  // namespace

Dict<Statistic> default_statistics() {
  const auto of_values = [](auto f) {
    return Statistic([f](const Array& x) { return f(x.to_vector<double>()); });
  };
  const auto least = [](const Values& x) { return *std::min_element(x.begin(), x.end()); };
  const auto most = [](const Values& x) { return *std::max_element(x.begin(), x.end()); };
  const auto unless_nan = [](auto f) {
    return [f](const Values& x) { return x.empty() || has_nan(x) ? kNan : f(x); };
  };
  return {{"mean", of_values(mean_of)},
          {"std", of_values(standard_deviation)},
          {"min", of_values(unless_nan(least))},
          {"max", of_values(unless_nan(most))},
          {"zeros", of_values([](const Values& x) {
             return static_cast<double>(std::count(x.begin(), x.end(), 0));
           })},
          {"percentile", of_values([](const Values& x) {
             return percentiles_of(x, {0.13, 2.28, 15.87, 50, 84.13, 97.72, 99.87});
           })}};
}

ParameterStatistics::ParameterStatistics(const std::vector<Link*>& links,
                                         Dict<Statistic> statistics,
                                         ParameterStatisticsOptions options)
    : statistics_(std::move(statistics)), options_(std::move(options)) {
  for (Link* const link : links) {
    if (link == nullptr)
      throw Error("ParameterStatistics: a link must be given, but the pointer is null");
    links_.emplace_back(*link);
  }
}

void ParameterStatistics::operator()(Trainer& trainer) {
  Observation values;
  const auto add = [&](const std::string& key, const Array& array) {
    if (!array) return;
    const Array flat = array.reshape({array.size()});
    const bool skipped = options_.skip_nan_params && has_nan(flat.to_vector<double>());
    for (const auto& [name, statistic] : statistics_) {
      const Values found = skipped ? Values{kNan} : statistic(flat);
      if (found.size() == 1) values[key + name] = found[0];
      for (std::size_t i = 0; found.size() > 1 && i < found.size(); ++i)
        values[fmt::format("{}{}/{}", key, name, i)] = found[i];
    }
  };
  const std::string prefix = options_.prefix.empty() ? "" : options_.prefix + "/";
  for (const LinkPointer& pointer : links_) {
    Link* const link = pointer.get();
    if (link == nullptr)
      throw Error("ParameterStatistics: a link must outlive the extension, but it was destroyed");
    const std::string name = prefix + name_of(*link, trainer);
    for (const auto& [path, parameter] : link->namedparams()) {
      if (options_.report_params)
        add(name + path + "/data/", parameter.is_initialized() ? parameter.array() : Array());
      if (options_.report_grads) add(name + path + "/grad/", parameter.grad());
    }
  }
  summary_.add(values);
  if (!options_.trigger(trainer)) return;
  for (const auto& [name, mean] : summary_.compute_mean()) trainer.observation()[name] = mean;
  summary_ = {};
}

void ParameterStatistics::serialize(Serializer& s) {
  if (!s.is_saving() && !s["_summary"].contains("_names") &&
      !s["_trigger"].contains_any({"previous_iteration", "previous_epoch_detail"}))
    return;  // a file of Chainer's
  options_.trigger.serialize(s["_trigger"]);
  summary_.serialize(s["_summary"]);
}

}  // namespace nn::training::extensions
