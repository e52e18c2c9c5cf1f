#include "nn/training/collapse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "autograd/array/linalg.h"
#include "autograd/base/check.h"
#include "autograd/base/error.h"

namespace nn::training {
namespace {

void require(bool holds, std::string_view rule, double value) {
  if (!holds)
    throw autograd::Error(fmt::format("predict_collapse: {}, but it is {:g}", rule, value));
}

// Checked, none negative, the largest first.
std::vector<double> descending(std::span<const double> eigenvalues,
                               const CollapseOptions& options) {
  if (eigenvalues.empty())
    throw autograd::Error("predict_collapse: there must be an eigenvalue, but there is none");
  for (const double lambda : eigenvalues)
    require(std::isfinite(lambda), "every eigenvalue must be finite", lambda);
  require(std::isfinite(options.weight) && options.weight > 0, "weight must be positive and finite",
          options.weight);
  require(std::isfinite(options.beta) && options.beta >= 0, "beta must be finite and not negative",
          options.beta);
  if (options.units) require(*options.units >= 1, "units must be at least 1", *options.units);
  std::vector<double> lambdas(eigenvalues.begin(), eigenvalues.end());
  for (double& lambda : lambdas) lambda = std::max(lambda, 0.0);
  std::sort(lambdas.begin(), lambdas.end(), std::greater<>());
  return lambdas;
}

}  // namespace

CollapsePrediction predict_collapse(std::span<const double> eigenvalues,
                                    const CollapseOptions& options) {
  const std::vector<double> lambdas = descending(eigenvalues, options);
  CollapsePrediction p{};
  p.sigma2 = options.beta / (2 * options.weight);
  p.lambda_1 = lambdas.front();
  for (const double lambda : lambdas) p.total_variance += lambda;
  p.squared_error = p.total_variance;
  for (const double lambda : lambdas) {
    if (lambda <= p.sigma2) break;
    ++p.directions;
    if (options.units && p.used == *options.units) continue;
    ++p.used;
    p.kl += std::log(lambda / p.sigma2) / 2;
    p.squared_error -= lambda - p.sigma2;
  }
  p.collapse = p.used == 0;
  p.critical_weight = p.lambda_1 > 0 ? options.beta / (2 * p.lambda_1) : INFINITY;
  return p;
}

std::string describe(const CollapsePrediction& p, const CollapseOptions& options,
                     std::size_t eigenvalues, std::string_view cure) {
  std::string text = fmt::format(
      "Collapse: a squared error weighs c = {:.4g}, so sigma^2 = beta / (2 c) = {:.4g}; the data's "
      "variance is {:.4g}, lambda_1 = {:.4g} of it in the widest direction, and {} of {} "
      "eigenvalues lie above sigma^2.\n",
      options.weight, p.sigma2, p.total_variance, p.lambda_1, p.directions, eigenvalues);
  if (p.lambda_1 == 0) return text + "Collapse expected: all examples are the same.";
  if (p.collapse)
    return text + fmt::format(
                      "Collapse expected: every input will give the same output, with any "
                      "optimizer. The smallest weight that would work is c = {:.4g}, {:.4g} times "
                      "this one{}{}.",
                      p.critical_weight, p.critical_weight / options.weight,
                      cure.empty() ? "" : ": ", cure);
  const std::string kl =
      std::isfinite(p.kl) ? fmt::format(" (linear theory: KL {:.3g} an example)", p.kl) : "";
  return text +
         fmt::format(
             "No collapse expected: about {} latent dimension{} will be used{}. The smallest "
             "weight that would work is c = {:.4g}.",
             p.used, p.used == 1 ? "" : "s", kl, p.critical_weight);
}

double learned_variance(std::span<const double> eigenvalues, const CollapseOptions& options) {
  const std::vector<double> lambdas = descending(eigenvalues, options);
  const std::size_t most = options.units
                               ? std::min(lambdas.size(), static_cast<std::size_t>(*options.units))
                               : lambdas.size();
  // From the decoder that uses nothing; each direction it takes makes the variance smaller.
  double left = std::accumulate(lambdas.begin(), lambdas.end(), 0.0);
  auto outputs = static_cast<double>(lambdas.size());
  for (std::size_t used = 0; used < most && lambdas[used] > options.beta * left / outputs; ++used) {
    left = std::max(left - lambdas[used], 0.0);
    outputs -= options.beta;
    if (outputs <= 0) return 0;
  }
  return left / outputs;
}

std::vector<double> covariance_eigenvalues(const autograd::Array& x) {
  autograd::Check("predict_collapse", {{"x", x}})
      .floats()
      .that(x.ndim() >= 2 && x.size() > 0, "x must be examples along its first axis");
  const autograd::Array rows = x.reshape({x.length(0), x.size() / x.length(0)});
  return autograd::array::eigvalsh(autograd::array::covariance(rows)).to_vector<double>();
}

CollapsePrediction predict_collapse(const autograd::Array& x, const CollapseOptions& options) {
  return predict_collapse(covariance_eigenvalues(x), options);
}

}  // namespace nn::training
