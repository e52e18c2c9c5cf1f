#include "examples/vae/prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "examples/vae/rec_loss.h"
#include "nn/training/collapse.h"

namespace vae {

std::optional<double> squared_error_weight(const Options& options,
                                           std::span<const double> eigenvalues) {
  if (options.model != "question") return {};
  const RecLoss& loss = *find_rec_loss(options.loss);
  if (!loss.gaussian()) return {};
  const double w = options.rec_weight;
  if (loss.variance == RecLoss::Variance::given)
    return w * loss.weight({.pixels = static_cast<double>(eigenvalues.size()),
                            .batchsize = static_cast<double>(options.batch_size),
                            .sigma = options.sigma.value_or(1)});
  const double sigma2 = nn::training::learned_variance(
      eigenvalues, {.beta = options.beta / w, .units = options.dim_z});
  return w / (2 * std::max(sigma2, kLeastVariance));
}

std::string prediction(const Options& options, const autograd::Array& train) {
  const std::int64_t pixels = train.length(1);
  if (options.model != "question" || !find_rec_loss(options.loss)->gaussian())
    return fmt::format(
        "Collapse: not predicted for {}, for the rule lambda_1 > beta / (2 c) is one of squared "
        "errors.",
        options.loss);
  constexpr std::int64_t kMostPixels = 4096;  // the eigenvalues of so many take a few seconds
  if (pixels > kMostPixels)
    return fmt::format(
        "Collapse: not predicted for images of more than {} pixels, and these have {}.",
        kMostPixels, pixels);

  const std::vector<double> lambdas = nn::training::covariance_eigenvalues(train);
  const double c = *squared_error_weight(options, lambdas);
  const auto p = nn::training::predict_collapse(
      lambdas, {.weight = c, .beta = options.beta, .units = options.dim_z});
  const bool learned = find_rec_loss(options.loss)->variance != RecLoss::Variance::given;
  const std::string numbers = fmt::format(
      "Collapse: a squared error {} c = {:.4g}, so sigma^2 = beta / (2 c) = {:.4g}; the data's "
      "variance is {:.4g}, lambda_1 = {:.4g} of it in the widest direction, and {} of {} "
      "eigenvalues lie above sigma^2.\n",
      learned ? "comes to weigh" : "weighs", c, p.sigma2, p.total_variance, p.lambda_1,
      p.directions, pixels);
  if (p.lambda_1 == 0) return numbers + "Collapse expected: all images are the same.";
  if (p.collapse && options.free_bits > 0)
    return numbers + fmt::format(
                         "No collapse expected, but only because of --free-bits: each unit may "
                         "carry {:.4g} nats for nothing. Without them the smallest weight that "
                         "would work is c = {:.4g}.",
                         options.free_bits, p.critical_weight);
  if (p.collapse)
    return numbers +
           fmt::format(
               "Collapse expected: every input will give the same image, with any optimizer. The "
               "smallest weight that would work is c = {:.4g}, {:.4g} times this one: --rec-weight "
               "{:.4g}.",
               p.critical_weight, p.critical_weight / c,
               options.rec_weight * p.critical_weight / c);
  const std::string kl =
      std::isfinite(p.kl) ? fmt::format(" (linear theory: KL {:.3g} an image)", p.kl) : "";
  return numbers + fmt::format(
                       "No collapse expected: about {} latent dimension{} will be used{}. The "
                       "smallest weight "
                       "that would work is c = {:.4g}.",
                       p.used, p.used == 1 ? "" : "s", kl, p.critical_weight);
}

}  // namespace vae
