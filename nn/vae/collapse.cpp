#include "nn/vae/collapse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "autograd/array/linalg.h"
#include "autograd/base/check.h"
#include "autograd/base/error.h"

namespace nn::vae {
namespace {

void require(bool holds, std::string_view rule, double value) {
  if (!holds)
    throw autograd::Error(fmt::format("predict_collapse: {}, but it is {:g}", rule, value));
}

// The checked eigenvalues in descending order. Negative eigenvalues become 0.
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

double cure_factor(const CollapsePrediction& p, const CollapseOptions& options) {
  return 10 * p.critical_weight / options.weight;
}

// Breaks the text into lines of at most 100 characters, and indents all lines but the first. A flag
// and its value stay on one line.
static std::string wrapped(const std::string& words) {
  constexpr std::size_t kWidth = 100;
  std::string text;
  std::size_t column = 0;
  for (std::size_t i = 0; i < words.size();) {
    std::size_t end = std::min(words.find(' ', i), words.size());
    if (words.compare(i, 2, "--") == 0 && end < words.size())
      end = std::min(words.find(' ', end + 1), words.size());
    if (column > 0 && column + 1 + (end - i) > kWidth) {
      text += "\n  ";
      column = 2;
    } else if (column > 0) {
      text += ' ';
      ++column;
    }
    text += words.substr(i, end - i);
    column += end - i;
    i = end + 1;
  }
  return text;
}

std::string describe(const CollapsePrediction& p, const CollapseOptions& options,
                     std::size_t outputs, const CollapseWording& wording) {
  if (p.lambda_1 == 0) return "Collapse expected: all examples are the same.";
  const std::string border = fmt::format("Border: c = {:.4g}, {:.4g} times this weight.",
                                         p.critical_weight, p.critical_weight / options.weight);
  const double factor = cure_factor(p, options);
  const std::string cure =
      wording.cure ? fmt::format(" To distinguish the inputs, use c of about {:.2g}: {}.",
                                 factor * options.weight, wording.cure(factor))
                   : "";
  const std::string numbers = fmt::format(
      "Numbers: the weight of a squared error is c = {:.4g}, so sigma^2 = beta / (2 c) = {:.4g}; "
      "the variance of the data is {:.4g}, with {:.4g} in the widest direction; {} of {} "
      "directions exceed sigma^2.",
      options.weight, p.sigma2, p.total_variance, p.lambda_1, p.directions, outputs);
  const std::string kl =
      std::isfinite(p.kl) ? fmt::format(": KL {:.3g} nats per example", p.kl) : "";
  std::string conclusion;
  if (p.collapse)
    conclusion = fmt::format(
        "Collapse expected (linear theory): {}. With any model, a code lowers the loss by at most "
        "{:.3g} nats per example, the whole reconstruction term of the mean.",
        wording.without_code, options.weight * p.total_variance);
  else if (p.on_border())
    conclusion = fmt::format(
        "On the border of collapse: the linear theory predicts a code of {:.2g} nats per example, "
        "too little to be sure of, and the outputs will look alike.",
        p.kl);
  else
    conclusion = fmt::format("No collapse expected: about {} latent dimension{} will be used{}{}.",
                             p.used, p.used == 1 ? "" : "s",
                             kl.empty() ? "" : " (linear theory" + kl, kl.empty() ? "" : ")");
  if (!p.collapse && !p.on_border() && p.faint(options.weight))
    conclusion += " The code will carry little information.";
  const bool needs_cure = p.collapse || p.faint(options.weight);
  return wrapped(conclusion) + "\n" + wrapped(border + (needs_cure ? cure : "")) + "\n" +
         wrapped(numbers);
}

double learned_variance(std::span<const double> eigenvalues, const CollapseOptions& options) {
  const std::vector<double> lambdas = descending(eigenvalues, options);
  const std::size_t most = options.units
                               ? std::min(lambdas.size(), static_cast<std::size_t>(*options.units))
                               : lambdas.size();
  // Starts with a decoder that uses no direction. Each used direction makes the variance smaller.
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
      .that(x.ndim() >= 2 && x.size() > 0, "x must have at least 2 axes, examples first");
  const autograd::Array rows = x.reshape({x.length(0), x.size() / x.length(0)});
  return autograd::array::eigvalsh(autograd::array::covariance(rows)).to_vector<double>();
}

CollapsePrediction predict_collapse(const autograd::Array& x, const CollapseOptions& options) {
  return predict_collapse(covariance_eigenvalues(x), options);
}

std::string describe_collapse(const autograd::Array& x, const CollapseOptions& options,
                              const CollapseWording& wording) {
  const std::int64_t outputs = x.size() / std::max<std::int64_t>(x.length(0), 1);
  if (outputs > kMostOutputs)
    return fmt::format("Collapse: no prediction for more than {} outputs (there are {}).",
                       kMostOutputs, outputs);
  return describe(predict_collapse(x, options), options, static_cast<std::size_t>(outputs),
                  wording);
}

}  // namespace nn::vae
