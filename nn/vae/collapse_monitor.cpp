#include "nn/vae/collapse_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/base/check.h"
#include "autograd/functions/loss/loss.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "nn/serializers/serializer.h"
#include "nn/text.h"
#include "nn/training/trainer.h"

namespace nn::vae {
namespace {

using autograd::Array;

constexpr double kActive = 0.01;  // Burda et al.'s threshold of the variance of E[z | x]
constexpr double kAlike = 0.001;  // a smaller output spread is invisible in a picture

// Computes the mean and the variance of each column of several batches. It sums the differences
// from the first row, to avoid cancellation.
class Columns {
 public:
  void add(const Array& batch) {
    const std::int64_t n = batch.length(0), columns = n == 0 ? 0 : batch.size() / n;
    const std::vector<double> rows = batch.to_vector<double>();
    if (count_ == 0) {
      centre_.assign(rows.begin(), rows.begin() + columns);
      sum_.assign(centre_.size(), 0);
      squares_.assign(centre_.size(), 0);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t column = i % centre_.size();
      const double d = rows[i] - centre_[column];
      sum_[column] += d;
      squares_[column] += d * d;
    }
    count_ += static_cast<double>(n);
  }

  std::vector<double> mean() const {
    std::vector<double> result = centre_;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += sum_[i] / count_;
    return result;
  }
  std::vector<double> variance() const {
    std::vector<double> result = squares_;
    for (std::size_t i = 0; i < result.size(); ++i) {
      const double mean = sum_[i] / count_;
      result[i] = std::max(squares_[i] / count_ - mean * mean, 0.0);
    }
    return result;
  }

 private:
  double count_ = 0;
  std::vector<double> centre_, sum_, squares_;
};

double total(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

CollapseMonitor::CollapseMonitor(Array x, Encode encode, Decode decode,
                                 CollapseMonitorOptions options)
    : x_(std::move(x)),
      encode_(std::move(encode)),
      decode_(std::move(decode)),
      options_(std::move(options)) {
  autograd::Check("CollapseMonitor", {{"x", x_}})
      .that(x_.ndim() >= 1 && x_.length(0) > 0, "x must have at least one example");
  if (options_.batch_size < 1)
    throw autograd::Error(fmt::format(
        "CollapseMonitor: batch_size must be at least 1, but it is {}", options_.batch_size));
}

Array CollapseMonitor::batch(std::int64_t start) const {
  return x_.slice(0, start, std::min(options_.batch_size, x_.length(0) - start));
}

// The squared error of the mean of x. x never changes, so the error is computed once.
double CollapseMonitor::error_of_mean() {
  if (!error_of_mean_) {
    Columns x;
    for (std::int64_t i = 0; i < x_.length(0); i += options_.batch_size) x.add(batch(i));
    error_of_mean_ = total(x.variance());
  }
  return *error_of_mean_;
}

double CollapseMonitor::look() {
  const auto testing = autograd::using_config(&autograd::Config::train, false);
  const auto no_graph = autograd::no_backprop_mode();
  Columns kl, mu_of_x, y_of_x;
  double squares = 0;
  bool comparable = false;
  for (std::int64_t i = 0; i < x_.length(0); i += options_.batch_size) {
    const Array x = batch(i);
    const auto [mu, ln_var] = encode_(x);
    kl.add(autograd::gaussian_kl_divergence(mu, ln_var, autograd::Reduce::no).array());
    mu_of_x.add(mu.array());
    if (!decode_) continue;
    const Variable y = decode_(mu);
    y_of_x.add(y.array());
    comparable = y.shape() == x.shape() && y.dtype() == x.dtype();
    if (comparable) squares += autograd::sum(autograd::square(y - x)).item();
  }
  kl_ = kl.mean();
  variance_ = mu_of_x.variance();
  errors_.reset();
  if (comparable) errors_ = {squares / static_cast<double>(x_.length(0)), error_of_mean()};
  std::vector<double> spread = y_of_x.variance();
  for (double& v : spread) v = std::sqrt(v);
  return spread.empty() ? 0 : total(spread) / static_cast<double>(spread.size());
}

int CollapseMonitor::active_units() const {
  return static_cast<int>(
      std::count_if(variance_.begin(), variance_.end(), [](double v) { return v > kActive; }));
}

void CollapseMonitor::operator()(training::Trainer& trainer) {
  const double spread = look(), kl = total(kl_);
  const int active = active_units();
  Observation& observation = trainer.observation();
  observation[options_.prefix + "kl_per_unit"] =
      kl / static_cast<double>(std::max<std::size_t>(kl_.size(), 1));
  observation[options_.prefix + "active_units"] = active;
  if (decode_) observation[options_.prefix + "output_spread"] = spread;

  const bool silent = active == 0 && spread < kAlike && !std::isnan(kl);
  silent_ = silent ? silent_ + 1 : 0;
  if (silent_ == 1) silent_kl_ = kl;
  if (silent_ >= options_.patience && kl <= silent_kl_) warn(trainer, spread);
}

void CollapseMonitor::warn(training::Trainer& trainer, double spread) {
  const bool unlearned = errors_ && errors_->output > 2 * errors_->mean;
  bool& warned = unlearned ? unlearned_ : collapsed_;
  if (std::exchange(warned, true) || options_.out == nullptr) return;
  const std::string since = fmt::format(
      "{}CollapseMonitor: in epoch {}, none of the {} units has distinguished the inputs for {} "
      "epochs",
      text::clear_rest(options_.out), trainer.updater().epoch(), kl_.size(), silent_);
  const std::string spread_of_outputs =
      decode_ ? fmt::format(", output spread {:.2g}", spread) : "";
  const std::string found =
      unlearned ? fmt::format(
                      ".\n"
                      "  All outputs are alike, but differ from the mean of the inputs (squared "
                      "error {:.4g}; error of the\n"
                      "  mean {:.4g}): the model has not learned yet. A larger learning rate or "
                      "another optimizer may help.\n",
                      errors_->output, errors_->mean)
                : fmt::format(
                      "\n"
                      "  (KL {:.2g} nats{}): the posterior has collapsed, and every input gives "
                      "the same output.\n"
                      "  Give the reconstruction more weight relative to the KL divergence, for "
                      "example by a sum\n"
                      "  over the pixels instead of their mean, or use a smaller beta.\n",
                      total(kl_), spread_of_outputs);
  text::put(options_.out, since + found, "CollapseMonitor");
}

void CollapseMonitor::serialize(Serializer& s) {
  if (s.is_saving() || s.contains_any({"_silent", "_silent_kl", "_unlearned"})) {
    s.count("_silent", silent_);
    s("_silent_kl", silent_kl_);
    s("_unlearned", unlearned_);
    s("_collapsed", collapsed_);
  } else if (s.contains("_collapsed")) {  // a file of an older version, which did not count epochs
    s("_collapsed", collapsed_);
  }
}

}  // namespace nn::vae
