#include "examples/vae/prediction.h"

#include <fmt/format.h>

#include <algorithm>
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
  const nn::training::CollapseOptions theory{
      .weight = c, .beta = options.beta, .units = options.dim_z};
  const auto p = nn::training::predict_collapse(lambdas, theory);
  const std::string about = options.conditional ? "The model is told the class, so the data are "
                                                  "the images less the mean of their class.\n"
                                                : "";
  const std::string said =
      about +
      describe(p, theory, lambdas.size(),
               fmt::format("--rec-weight {:.4g}", options.rec_weight * p.critical_weight / c));
  if (find_rec_loss(options.loss)->variance != RecLoss::Variance::given)
    return "The variance of a pixel is learned; in the linear theory it ends where c says.\n" +
           said;
  if (p.collapse && options.free_bits > 0)
    return said + fmt::format(
                      "\nBut --free-bits lets each unit carry {:.4g} nats for nothing, and that "
                      "much it will.",
                      options.free_bits);
  return said;
}

}  // namespace vae
