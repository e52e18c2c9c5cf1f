#include "nn/vae/importance_weighted_bound.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "autograd/array/random.h"
#include "autograd/base/check.h"
#include "autograd/base/error.h"
#include "autograd/functions/functions.h"
#include "autograd/graph/config.h"

namespace nn::vae {

namespace F = autograd;
using autograd::Array;
using autograd::Shape;
using autograd::Variable;

namespace {

// Computes log(e^w_1 + e^w_2 + ...) of numbers that are added one by one. It stores the sum divided
// by e^largest, so that nothing overflows.
class LogSumExp {
 public:
  void add(double w) {
    if (w == -std::numeric_limits<double>::infinity()) return;  // e^w is 0
    if (w <= largest_) {
      sum_ += std::exp(w - largest_);
    } else {  // also for NaN, and then the value stays NaN
      sum_ = sum_ * std::exp(largest_ - w) + 1;
      largest_ = w;
    }
  }
  double value() const { return largest_ + std::log(sum_); }

 private:
  double largest_ = -std::numeric_limits<double>::infinity(), sum_ = 0;
};

void require_positive(std::string_view what, std::int64_t value) {
  if (value < 1)
    throw autograd::Error(
        fmt::format("importance_weighted_bound: {} must be at least 1, but it is {}", what, value));
}

// `times` copies of x, concatenated along the first axis.
Array repeated(const Array& x, std::int64_t times) {
  Shape shape = x.shape();
  shape.insert(0, times);
  Shape rows = x.shape();
  rows[0] *= times;
  return x.broadcast_to(shape).reshape(rows);
}

}  // namespace

Array importance_weighted_bound(
    const Array& x, std::int64_t K,
    const std::function<std::pair<Variable, Variable>(const Variable&)>& encode,
    const std::function<Variable(const Variable&, const Variable&)>& log_likelihood,
    const ImportanceWeightedBoundOptions& options, autograd::random::Generator& generator) {
  F::Check("importance_weighted_bound", {{"x", x}})
      .that(x.ndim() >= 1 && x.length(0) > 0, "x must have at least one example");
  require_positive("K", K);
  require_positive("batch_size", options.batch_size);
  require_positive("chunk", options.chunk);
  const auto testing = F::using_config(&F::Config::train, false);
  const auto no_graph = F::no_backprop_mode();

  std::vector<double> bounds;
  for (std::int64_t i = 0; i < x.length(0); i += options.batch_size) {
    const Array batch = x.slice(0, i, std::min(options.batch_size, x.length(0) - i));
    const std::int64_t n = batch.length(0), chunk = std::min(options.chunk, K);
    const auto [mu, ln_var] = encode(batch);
    F::Check("importance_weighted_bound", {{"x", batch}, {"mu", mu}, {"ln_var", ln_var}})
        .that(mu.ndim() == 2 && mu.length(0) == n && mu.shape() == ln_var.shape() &&
                  mu.dtype() == ln_var.dtype(),
              "mu and ln_var must have the same shape (n, units) and the same dtype");
    const Array batches = repeated(batch, chunk), mus = repeated(mu.array(), chunk),
                ln_vars = repeated(ln_var.array(), chunk);
    std::vector<LogSumExp> sums(static_cast<std::size_t>(n));
    for (std::int64_t k = 0; k < K; k += chunk) {
      const std::int64_t rows = n * std::min(chunk, K - k);
      const Array mean = mus.slice(0, 0, rows), ln_variance = ln_vars.slice(0, 0, rows);
      const Array eps = F::array::standard_normal(mean.shape(), mean.dtype(), generator);
      const Variable z = F::gaussian(mean, ln_variance, {.eps = eps});
      const Array ln_p = log_likelihood(batches.slice(0, 0, rows), z).array();
      F::Check("importance_weighted_bound", {{"z", z}, {"log_likelihood", ln_p}})
          .that(ln_p.shape() == Shape{rows}, "log_likelihood must be a number for each row of z");
      // log p(z) - log q(z | x); the factors 2 pi cancel.
      const Variable ln_ratio = F::sum(F::square(eps) - F::square(z) + ln_variance, 1) / 2;
      const std::vector<double> ln_p_x_given_z = ln_p.to_vector<double>(),
                                ln_p_z_over_q = ln_ratio.array().to_vector<double>();
      for (std::size_t row = 0; row < ln_p_x_given_z.size(); ++row)
        sums[row % sums.size()].add(ln_p_x_given_z[row] + ln_p_z_over_q[row]);
      if (options.progress)
        options.progress(static_cast<double>(i * K + k * n + rows) /
                         static_cast<double>(x.length(0) * K));
    }
    for (const LogSumExp& sum : sums)
      bounds.push_back(sum.value() - std::log(static_cast<double>(K)));
  }
  return Array::from(std::span<const double>(bounds));
}

}  // namespace nn::vae
