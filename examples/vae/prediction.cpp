#include "examples/vae/prediction.h"

#include <fmt/format.h>

#include <cmath>

#include "examples/vae/net.h"
#include "nn/training/collapse.h"

namespace vae {

std::optional<double> squared_error_weight(const Options& options, std::int64_t pixels) {
  if (options.model != "question") return {};
  const double w = options.rec_weight;
  switch (*rec_loss_named(options.loss)) {
    case RecLoss::bernoulli_nll:
      return {};
    case RecLoss::mean_squared_error:
      return w / static_cast<double>(pixels);
    case RecLoss::pixels_x_mean_squared_error:
      return w;
    case RecLoss::pixels_x_mean_squared_error_over_batch:
      return w / options.batch_size;
    case RecLoss::sum_squared_error:
      return w;
    case RecLoss::gaussian_nll:
      return w / 2;
  }
  return {};
}

std::string prediction(const Options& options, const autograd::Array& train) {
  const std::int64_t pixels = train.length(1);
  const std::optional<double> c = squared_error_weight(options, pixels);
  if (!c)
    return fmt::format(
        "Collapse: not predicted for {}, for the rule lambda_1 > beta / (2 c) is one of squared "
        "errors.",
        options.loss);
  constexpr std::int64_t kMostPixels = 4096;  // the eigenvalues of so many take a few seconds
  if (pixels > kMostPixels)
    return fmt::format(
        "Collapse: not predicted for images of more than {} pixels, and these have {}.",
        kMostPixels, pixels);

  const auto p = nn::training::predict_collapse(
      train, {.weight = *c, .beta = options.beta, .units = options.dim_z});
  const std::string numbers = fmt::format(
      "Collapse: a squared error weighs c = {:.4g}, so sigma^2 = beta / (2 c) = {:.4g}; the data's "
      "variance is {:.4g}, "
      "lambda_1 = {:.4g} of it in the widest direction, and {} of {} eigenvalues lie above "
      "sigma^2.\n",
      *c, p.sigma2, p.total_variance, p.lambda_1, p.directions, pixels);
  if (p.lambda_1 == 0) return numbers + "Collapse expected: all images are the same.";
  if (p.collapse)
    return numbers +
           fmt::format(
               "Collapse expected: every input will give the same image, with any optimizer. The "
               "smallest weight that would work is c = {:.4g}, {:.4g} times this one: --rec-weight "
               "{:.4g}.",
               p.critical_weight, p.critical_weight / *c,
               options.rec_weight * p.critical_weight / *c);
  const std::string kl =
      std::isfinite(p.kl) ? fmt::format(" (linear theory: KL {:.3g} an image)", p.kl) : "";
  return numbers + fmt::format(
                       "No collapse expected: about {} latent dimension{} will be used{}. The "
                       "smallest weight "
                       "that would work is c = {:.4g}.",
                       p.used, p.used == 1 ? "" : "s", kl, p.critical_weight);
}

}  // namespace vae
