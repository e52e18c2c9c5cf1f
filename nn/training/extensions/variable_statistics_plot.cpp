#include "nn/training/extensions/variable_statistics_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <span>

#include "autograd/base/random.h"
#include "nn/serializers/serializer.h"
#include "nn/training/trainer.h"

namespace nn::training::extensions {
namespace {

using autograd::Array;
using autograd::Error;

// NumPy's percentiles, linear between the two nearest values. Reorders x.
std::vector<float> percentiles(std::vector<double>& x, const std::vector<double>& sigmas) {
  std::vector<float> result;
  auto done = x.begin();  // elements before it are not larger than elements after it
  const bool nan = std::any_of(x.begin(), x.end(), [](double v) { return std::isnan(v); });
  for (const double sigma : sigmas) {
    if (nan) {
      result.push_back(std::numeric_limits<float>::quiet_NaN());
      continue;
    }
    const double place = sigma / 100 * static_cast<double>(x.size() - 1);
    const auto below = x.begin() + static_cast<std::ptrdiff_t>(std::floor(place));
    if (below < done) done = x.begin();
    std::nth_element(done, below, x.end());
    done = below;
    const double low = *below;
    const double share = place - std::floor(place);
    const double high = share > 0 ? *std::min_element(below + 1, x.end()) : low;
    result.push_back(static_cast<float>(share > 0 ? low + share * (high - low) : low));
  }
  return result;
}

}  // namespace

VariableStatisticsPlot::Targets::Targets(Link& link) {
  for (const Parameter& parameter : link.params()) variables_.push_back(parameter);
}

VariableStatisticsPlot::Targets::Targets(std::initializer_list<Targets> targets) {
  for (const Targets& some : targets)
    variables_.insert(variables_.end(), some.variables_.begin(), some.variables_.end());
}

VariableStatisticsPlot::VariableStatisticsPlot(const Targets& targets,
                                               VariableStatisticsPlotOptions options)
    : variables_(targets.variables()), options_(std::move(options)) {
  if (variables_.empty())
    throw Error(
        "VariableStatisticsPlot: there must be a variable to collect statistics of, but there is "
        "none");
  if (options_.report_data) keys_.emplace_back("data");
  if (options_.report_grad) keys_.emplace_back("grad");
  const std::vector<double>& sigmas = options_.percentile_sigmas;
  if (keys_.empty() || statistics_of_each() == 0)
    throw Error(
        "VariableStatisticsPlot: at least one plot must be enabled, but the options disable all of "
        "them");
  if (std::any_of(sigmas.begin(), sigmas.end(), [](double s) { return !(s >= 0 && s <= 100); }))
    throw Error(
        fmt::format("VariableStatisticsPlot: percentile_sigmas must lie in 0..100, but they are {}",
                    fmt::join(sigmas, ", ")));
  if (options_.max_sample_size < 1)
    throw Error(
        fmt::format("VariableStatisticsPlot: max_sample_size must be at least 1, but it is {}",
                    options_.max_sample_size));
  const auto fits = [](double inches) { return inches > 0 && inches <= 300; };
  if (options_.figsize && !(fits(options_.figsize->first) && fits(options_.figsize->second)))
    throw Error(
        fmt::format("VariableStatisticsPlot: figsize must be positive and at most 300 inches, but "
                    "it is {} x {}",
                    options_.figsize->first, options_.figsize->second));
  plot::check(
      plot::Series{.name = "VariableStatisticsPlot", .marker = options_.marker.value_or("")});
}

std::size_t VariableStatisticsPlot::statistics_of_each() const {
  return (options_.plot_mean ? 1 : 0) + (options_.plot_std ? 1 : 0) +
         options_.percentile_sigmas.size();
}

std::vector<float> VariableStatisticsPlot::statistics() const {
  std::vector<float> result;
  for (const std::string& key : keys_) {
    std::vector<double> x;
    for (const Variable& variable : variables_) {
      const Array values = !variable ? Array() : key == "data" ? variable.array() : variable.grad();
      if (!values) continue;
      const std::vector<double> of_one = values.to_vector<double>();
      x.insert(x.end(), of_one.begin(), of_one.end());
    }
    if (x.empty()) {
      result.resize(result.size() + statistics_of_each());
      continue;
    }
    const auto n = static_cast<double>(x.size());
    double sum = 0, squares = 0;
    for (const double value : x) sum += value;
    for (const double value : x) squares += (value - sum / n) * (value - sum / n);
    if (options_.plot_mean) result.push_back(static_cast<float>(sum / n));
    if (options_.plot_std) result.push_back(static_cast<float>(std::sqrt(squares / n)));
    for (const float p : percentiles(x, options_.percentile_sigmas)) result.push_back(p);
  }
  return result;
}

void VariableStatisticsPlot::add(Sample sample) {
  auto& random = autograd::random::generator();
  const int size = options_.max_sample_size;
  if (counter_ < size)
    reservoir_.push_back(std::move(sample));
  else if (random.rand() < size / static_cast<double>(counter_ + 1))
    reservoir_[static_cast<std::size_t>(random.randint(0, size))] = std::move(sample);
  ++counter_;
}

void VariableStatisticsPlot::operator()(Trainer& trainer) {
  add({trainer.updater().iteration(), statistics()});
  if (options_.trigger(trainer)) draw(trainer, options_.filename, figure(), options_.warnings);
}

std::vector<VariableStatisticsPlot::Sample> VariableStatisticsPlot::samples() const {
  std::vector<Sample> result = reservoir_;
  std::sort(result.begin(), result.end(),
            [](const Sample& a, const Sample& b) { return a.iteration < b.iteration; });
  return result;
}

// One column for the data and one for the gradients. The upper row shows the mean and the standard
// deviation, the lower row the percentiles.
plot::Figure VariableStatisticsPlot::figure() const {
  const bool mean = options_.plot_mean, std = options_.plot_std;
  const std::size_t count = options_.percentile_sigmas.size();
  const std::vector<Sample> sorted = samples();
  plot::Series empty{.marker = options_.marker.value_or(""), .color = 0};
  for (const Sample& sample : sorted) empty.x.push_back(static_cast<double>(sample.iteration));
  const auto values = [&](std::size_t column, std::size_t place) {
    std::vector<double> result;
    for (const Sample& sample : sorted)
      result.push_back(sample.statistics[column * statistics_of_each() + place]);
    return result;
  };
  plot::Figure figure{.columns = static_cast<int>(keys_.size()), .width = 520, .height = 390};
  for (const bool above : {true, false}) {
    if (above ? !mean && !std : count == 0) continue;
    for (std::size_t column = 0; column < keys_.size(); ++column) {
      plot::Panel panel{.grid = options_.grid};
      if (figure.panels.size() < keys_.size()) panel.title = keys_[column];
      if (!above || count == 0) panel.x_label = "iteration";
      if (above) {
        plot::Series& series = panel.series.emplace_back(empty);
        series.name = mean && std ? "mean, std" : mean ? "mean" : "std";
        series.y = values(column, 0);
        if (mean && std) {
          const std::vector<double> deviation = values(column, 1);
          for (std::size_t i = 0; i < deviation.size(); ++i) {
            series.low.push_back(series.y[i] - deviation[i]);
            series.high.push_back(series.y[i] + deviation[i]);
          }
        }
      } else {
        const std::size_t first = statistics_of_each() - count;
        for (std::size_t i = 0; i < count / 2; ++i) {
          plot::Series& band = panel.series.emplace_back(empty);
          band.low = values(column, first + i);
          band.high = values(column, first + count - 1 - i);
        }
        if (count % 2 == 1) panel.series.emplace_back(empty).y = values(column, first + count / 2);
        panel.series.back().name = "percentile";
      }
      figure.panels.push_back(std::move(panel));
    }
  }
  if (options_.figsize) {
    const auto rows = static_cast<double>(figure.panels.size() / keys_.size());
    constexpr double kDotsPerInch = 100;
    figure.width = static_cast<int>(kDotsPerInch * options_.figsize->first / figure.columns);
    figure.height = static_cast<int>(kDotsPerInch * options_.figsize->second / rows);
  }
  return figure;
}

// Chainer does not save these values.
void VariableStatisticsPlot::serialize(Serializer& s) {
  Serializer& samples = s["_samples"];
  if (!s.is_saving() && !samples.contains_any({"counter", "idxs", "data"})) return;
  std::vector<std::int64_t> idxs;
  std::vector<float> data;
  if (s.is_saving()) {
    for (const Sample& sample : reservoir_) {
      idxs.push_back(sample.iteration);
      data.insert(data.end(), sample.statistics.begin(), sample.statistics.end());
    }
  }
  const auto n = static_cast<std::int64_t>(idxs.size());
  const auto width = static_cast<std::int64_t>(keys_.size() * statistics_of_each());
  const auto array = [&](const char* key, const Array& saved) {
    return samples.value(key, s.is_saving() ? saved : Array());
  };
  const Array found_idxs = array("idxs", Array::from(std::span<const std::int64_t>(idxs)));
  const Array found_data =
      array("data", Array::from(std::span<const float>(data), autograd::Shape{n, width}));
  const std::int64_t counter = samples.value("counter", counter_);
  samples.require(counter >= 0 && counter <= Serializer::kMostCount, "counter", "a count",
                  fmt::format("{}", counter));
  options_.trigger.serialize(s["_trigger"]);
  if (s.is_saving()) return;

  const std::int64_t kept = std::min<std::int64_t>(counter, options_.max_sample_size);
  const auto require = [&](const char* key, const Array& found, const Array& like) {
    samples.require(found && describe(found) == describe(like), key,
                    fmt::format("{} of {} iterations", describe(like), kept),
                    found ? describe(found) : "None");
  };
  require("idxs", found_idxs, Array::empty({kept}, autograd::Dtype::int64));
  require("data", found_data, Array::empty({kept, width}, autograd::Dtype::float32));
  idxs = found_idxs.to_vector<std::int64_t>();
  const std::set<std::int64_t> distinct(idxs.begin(), idxs.end());
  samples.require(distinct.size() == idxs.size() && (idxs.empty() || *distinct.begin() >= 0),
                  "idxs", "the numbers of different iterations",
                  describe(found_idxs) + " with equal or negative ones");
  if (!s.is_loading()) return;
  data = found_data.to_vector<float>();
  reservoir_.clear();
  for (std::int64_t i = 0; i < kept; ++i)
    reservoir_.push_back({idxs[static_cast<std::size_t>(i)],
                          {data.begin() + i * width, data.begin() + (i + 1) * width}});
  counter_ = counter;
}

}  // namespace nn::training::extensions
