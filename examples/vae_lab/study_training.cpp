#include "examples/vae_lab/study_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "autograd/autograd.h"
#include "examples/pictures/image.h"
#include "examples/vae_lab/model.h"
#include "nn/nn.h"
#include "nn/vae/collapse.h"

namespace vae::lab {
namespace {

using autograd::Array;

// The mean over the images of sum((x - centre)^2).
double squared_distance(const Array& x, const Array& centre) {
  const auto no_graph = F::no_backprop_mode();
  const Variable a = F::as_variable(x.astype(F::Dtype::float64)),
                 b = F::as_variable(centre.astype(F::Dtype::float64));
  return F::sum(F::square(a - b)).item() / static_cast<double>(x.length(0));
}

// The mean image, once for each image.
Array mean_image(const Array& x) {
  const auto no_graph = F::no_backprop_mode();
  const Variable mean = F::mean(Variable(x.astype(F::Dtype::float64)), 0, true);
  return F::broadcast_to(mean, x.shape()).array();
}

// One image of each of the first nine classes. Without labels, the images that Chainer's example
// shows; on MNIST these are the digits from 0 to 8.
std::vector<std::int64_t> nine(const ImageSet& images) {
  std::vector<std::int64_t> chosen;
  if (images.test_labels) {
    const std::vector<int> labels = images.test_labels->to_vector<int>();
    for (int digit = 0; digit < std::min(images.classes, 9); ++digit) {
      const auto found = std::find(labels.begin(), labels.end(), digit);
      if (found != labels.end()) chosen.push_back(found - labels.begin());
    }
  } else {
    for (const std::int64_t i : {3, 2, 1, 18, 4, 8, 11, 17, 61})
      if (i < images.test.length(0)) chosen.push_back(i);
  }
  return chosen;
}

void look_at(const Model& model, const StudyData& data, Outcome& outcome) {
  nn::vae::CollapseMonitor monitor(data.tested, model.encode, model.decode, {.out = nullptr});
  outcome.output_spread = monitor.look();
  outcome.active_units = monitor.active_units();
  outcome.squared_error = squared_distance(data.tested, reconstructed(model, data.tested));

  const std::vector<float> pixels = reconstructed(model, data.shown).to_vector<float>();
  const auto size = static_cast<std::size_t>(data.shown.length(1));
  for (std::size_t i = 0; i < pixels.size(); i += size)
    outcome.reconstructions.push_back(pictures::grey_image(std::span(pixels).subspan(i, size),
                                                           data.images.width, data.images.height)
                                          .pixels);
}

}  // namespace

StudyData study_data(ImageSet images) {
  constexpr std::int64_t kMostPixels = 4096;
  if (images.train.length(1) > kMostPixels)
    throw autograd::Error(
        fmt::format("study: images must have at most {} pixels, but these have {}", kMostPixels,
                    images.train.length(1)));
  StudyData data;
  data.images = std::move(images);
  data.eigenvalues = nn::vae::covariance_eigenvalues(data.images.train);
  const auto prediction = nn::vae::predict_collapse(data.eigenvalues);
  data.total_variance = prediction.total_variance;
  data.critical_weight = prediction.critical_weight;

  const Array& test = data.images.test;
  data.tested = test.slice(0, 0, std::min<std::int64_t>(2000, test.length(0)));
  data.tested_variance = squared_distance(data.tested, mean_image(data.tested));
  data.shown = nn::datasets::concat_examples(
      nn::datasets::TupleDataset(test).get_examples(nine(data.images)))[0];
  return data;
}

Outcome train_row(const LabOptions& options, const StudyData& data,
                  const std::function<void(int epoch)>& after_epoch) {
  F::random::seed(static_cast<std::uint32_t>(options.seed));
  const Model model = make_model(options, static_cast<int>(data.images.train.length(1)));
  const auto optimizer = make_optimizer(options);
  optimizer->setup(*model.link);
  nn::Reporter reporter;
  reporter.add_observers("main", *model.link);

  const nn::datasets::TupleDataset train(data.images.train);
  const std::int64_t n = train.size(), batch = options.batch_size;
  Outcome outcome;
  while (static_cast<int>(outcome.epochs.size()) < options.epoch && !outcome.nan_epoch) {
    const std::vector<std::int64_t> order = F::random::generator().permutation(n);
    nn::DictSummary sums;
    for (std::int64_t i = 0; i < n && !outcome.nan_epoch; i += batch) {
      const auto indices = std::span(order).subspan(
          static_cast<std::size_t>(i), static_cast<std::size_t>(std::min(batch, n - i)));
      nn::Observation seen;
      const auto scope = reporter.scope(seen);
      optimizer->update(
          model.loss_func,
          Variable(nn::datasets::concat_examples(train.get_examples(indices))[0].array()));
      sums.add(seen);
      if (!std::isfinite(seen.at("main/loss").item()))
        outcome.nan_epoch = static_cast<int>(outcome.epochs.size()) + 1;
    }
    const nn::Means means = sums.compute_mean();
    outcome.epochs.push_back({.loss = means.at("main/loss"),
                              .rec_loss = means.at("main/" + model.terms[0]),
                              .kl = means.at("main/" + model.terms[1]) / options.beta});
    if (after_epoch) after_epoch(static_cast<int>(outcome.epochs.size()));
  }
  look_at(model, data, outcome);
  return outcome;
}

}  // namespace vae::lab
