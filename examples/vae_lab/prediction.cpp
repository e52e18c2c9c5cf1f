#include "examples/vae_lab/prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "examples/vae_lab/rec_loss.h"
#include "nn/vae/collapse.h"

namespace vae::lab {

std::optional<double> squared_error_weight(const LabOptions& options,
                                           std::span<const double> eigenvalues) {
  if (options.model != "question") return {};
  const RecLoss& loss = *find_rec_loss(options.loss);
  if (!loss.gaussian()) return {};
  const double w = options.rec_weight;
  if (loss.variance == RecLoss::Variance::given)
    return w * loss.weight({.pixels = static_cast<double>(eigenvalues.size()),
                            .batchsize = static_cast<double>(options.batch_size),
                            .sigma = options.sigma.value_or(1)});
  const double sigma2 =
      nn::vae::learned_variance(eigenvalues, {.beta = options.beta / w, .units = options.dim_z});
  return w / (2 * std::max(sigma2, kLeastVariance));
}

std::string prediction(const LabOptions& options, const autograd::Array& train) {
  const std::int64_t pixels = train.length(1);
  if (options.model != "question" || !find_rec_loss(options.loss)->gaussian())
    return fmt::format("Collapse: no prediction ({} has no squared error).", options.loss);
  if (pixels > nn::vae::kMostOutputs)
    return fmt::format("Collapse: no prediction for images of more than {} pixels (these have {}).",
                       nn::vae::kMostOutputs, pixels);

  const std::vector<double> lambdas = nn::vae::covariance_eigenvalues(train);
  const double c = *squared_error_weight(options, lambdas);
  const nn::vae::CollapseOptions theory{.weight = c, .beta = options.beta, .units = options.dim_z};
  const auto p = nn::vae::predict_collapse(lambdas, theory);
  const auto cure = [&](double factor) {
    const double rounded = std::stod(fmt::format("{:.1e}", options.rec_weight * factor));
    const std::string weight = fmt::format("--rec-weight {:g}", rounded);
    return c * factor <= 1.1 && options.rec_weight == 1 ? "--loss sum_squared_error, or " + weight
                                                        : weight;
  };
  const std::string said =
      describe(p, theory, lambdas.size(),
               {.without_code = options.conditional
                                    ? "every class gives one image, close to the mean of the class"
                                    : "every input gives the same output, close to the mean",
                .cure = cure});
  const std::string about = options.conditional
                                ? "\nThe model knows the class of each image: the prediction is "
                                  "for the images minus the mean of their class."
                                : "";
  if (find_rec_loss(options.loss)->variance != RecLoss::Variance::given)
    return said + about +
           "\nThe variance of a pixel is learned: c follows from the best variance of the linear "
           "theory.";
  if (p.collapse && options.free_bits > 0)
    return said + about +
           fmt::format(
               "\n"
               "--free-bits lets each unit carry {:.4g} nats without a penalty: units stay active, "
               "but the code is of no use.",
               options.free_bits);
  return said + about;
}

}  // namespace vae::lab
