#include "examples/vae_lab/study_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>

#include "examples/pictures/tiles.h"
#include "examples/vae_lab/prediction.h"
#include "examples/vae_lab/rec_loss.h"
#include "examples/vae_lab/study_verdict.h"
#include "nn/plot/plot.h"

namespace vae::lab {
namespace {

// --- Markdown

// "0.01"; "≈ 15.7" if the variance is learned and the weight comes from the linear theory.
std::string weight_in_words(const LabOptions& options, const StudyData& data) {
  const auto c = squared_error_weight(options, data.eigenvalues);
  if (!c) return "–";
  const bool given = find_rec_loss(options.loss)->variance == RecLoss::Variance::given;
  return fmt::format("{}{:.4g}", given ? "" : "≈ ", *c);
}

std::string prediction_in_words(const LabOptions& options, const StudyData& data) {
  const auto prediction = predicted(options, data);
  if (!prediction) return "not of this form";
  if (prediction->on_border()) return "on the border";
  return prediction->collapse ? "collapse" : "works";
}

std::string tick(const std::optional<bool>& right) { return !right ? "–" : *right ? "✓" : "✗"; }

void append_row(std::string& text, const FinishedRow& finished, const StudyData& data) {
  const LabOptions& o = finished.row.options;
  const Outcome& outcome = finished.outcome;
  const auto prediction = predicted(o, data);
  const bool broken = outcome.nan_epoch.has_value();
  const auto number = [broken](double value, int digits) {
    return broken ? "–" : fmt::format("{:.{}f}", value, digits);
  };
  text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                      o.loss, o.optimizer, weight_in_words(o, data),
                      prediction ? fmt::format("{:.4g}", prediction->sigma2) : "–",
                      prediction ? fmt::format("{}", prediction->directions) : "–",
                      prediction_in_words(o, data),
                      broken ? "NaN" : fmt::format("{:.4f}", outcome.last().loss),
                      number(outcome.last().rec_loss, 4), number(outcome.last().kl, 4),
                      number(outcome.active_units, 0), number(outcome.output_spread, 5),
                      number(outcome.squared_error, 3), in_words(measured(outcome, data), outcome),
                      tick(prediction_is_right(o, data, outcome)));
}

void append_table(std::string& text, const std::vector<FinishedRow>& rows, const StudyData& data) {
  text +=
      "| loss term | optimizer | weight c | sigma² | eigenvalues above | predicted | loss | rec | "
      "KL | active units | output spread | SSE | measured | right |\n"
      "|---|---|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|---|:-:|\n";
  for (const FinishedRow& row : rows) append_row(text, row, data);
}

std::string in_common(const LabOptions& o) {
  return fmt::format(
      "{0} epoch{1}, batches of {2}, {3} latent units, {4} hidden layer{5} of {6}, {7}, seed {8}",
      o.epoch, o.epoch == 1 ? "" : "s", o.batch_size, o.dim_z, o.layers, o.layers == 1 ? "" : "s",
      o.dim_h, o.act, o.seed);
}

// --- pictures

constexpr double kMostTheory = 200;  // intervals of the theory's curve

// The linear theory's KL between two weights, at points that are equally spaced on the logarithmic
// axis.
nn::plot::Series theory(const LabOptions& options, const StudyData& data, double from, double to) {
  nn::plot::Series series{.name = "linear theory", .line = nn::plot::Line::dashed};
  for (double i = 0; i <= kMostTheory; ++i) {
    LabOptions o = options;
    o.rec_weight = from * std::pow(to / from, i / kMostTheory);
    series.x.push_back(o.rec_weight);
    series.y.push_back(predicted(o, data)->kl);
  }
  return series;
}

// The last part of the path --data, for a title.
std::string name_of_data(const std::string& data) {
  const std::filesystem::path path = std::filesystem::path(data).lexically_normal();
  return (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

pictures::Image image_of(std::vector<std::uint8_t> pixels, const ImageSet& images) {
  return {.width = images.width, .height = images.height, .pixels = std::move(pixels)};
}

// The input images, as the first row of a picture.
pictures::Tiles inputs(const StudyData& data) {
  const ImageSet& images = data.images;
  pictures::Tiles tiles;
  tiles.columns = static_cast<int>(data.shown.length(0));
  tiles.factor = pictures::factor_for(1000, std::max(tiles.columns, 9), images.width);
  tiles.row_labels.push_back("input");
  const std::vector<float> shown = data.shown.to_vector<float>();
  const auto size = static_cast<std::size_t>(data.shown.length(1));
  for (std::size_t i = 0; i < shown.size(); i += size)
    tiles.images.push_back(
        pictures::grey_image(std::span(shown).subspan(i, size), images.width, images.height));
  return tiles;
}

// Appends a row with the reconstructions of a training. The label of the row is `name` and the
// result of the training. A training that ended in NaN has no reconstructions, and gets no row.
void append(pictures::Tiles& tiles, const std::string& name, const FinishedRow& finished,
            const StudyData& data) {
  if (finished.outcome.nan_epoch) return;
  tiles.row_labels.push_back(
      fmt::format("{}: {}", name, in_words(measured(finished.outcome, data), finished.outcome)));
  for (const auto& pixels : finished.outcome.reconstructions)
    tiles.images.push_back(image_of(pixels, data.images));
}

}  // namespace

Score score(const Study& study, const StudyData& data) {
  Score score;
  for (const auto* rows : {&study.table, &study.sweep}) {
    for (const FinishedRow& finished : *rows) {
      const LabOptions& o = finished.row.options;
      const auto prediction = predicted(o, data);
      if (!prediction) continue;
      const Measured m = measured(finished.outcome, data);
      const auto right = prediction_is_right(o, data, finished.outcome);
      if (m == Measured::not_finite) {
        ++score.not_finite;
      } else if (m == Measured::not_learned) {
        ++score.not_learned;
      } else if (!right) {
        ++score.on_border;
      } else if (is_undecided(m)) {
        ++score.undecided;
        score.as_predicted += *right;
      } else {
        ++score.settled;
        score.right += *right;
      }
    }
  }
  return score;
}

std::string in_words(const Score& s) {
  return fmt::format(
      "{} of {} settled trainings agree with the prediction; {} of {} undecided trainings move in "
      "the predicted direction. Not counted: {} trainings on the border, {} that ended in NaN, {} "
      "that have not learned.",
      s.right, s.settled, s.as_predicted, s.undecided, s.on_border, s.not_finite, s.not_learned);
}

std::string study_markdown(const Study& study, const StudyData& data) {
  const ImageSet& images = data.images;
  const auto p = nn::vae::predict_collapse(data.eigenvalues);
  std::string text = fmt::format(
      "# When a variational autoencoder collapses\n\n"
      "This report was made by `{}`.\n\n"
      "Data: {}, {} training images, {} test images, {}x{} pixels from 0 to 1. The variance of the "
      "images is {:.5g}; the variance in the widest direction is lambda_1 = {:.5g}. The loss c * "
      "sum((x - y)²) + KL of an image is the loss of a Gaussian decoder with sigma² = 1 / (2 c). A "
      "latent unit lowers the loss only if an eigenvalue of the data's covariance exceeds sigma². "
      "So the linear theory predicts a collapse below the border **c\\* = 1 / (2 lambda_1) = "
      "{:.4g}**.\n\n"
      "{}\n\n",
      study.command, study.data, images.train.length(0), images.test.length(0), images.width,
      images.height, data.total_variance, p.lambda_1, data.critical_weight,
      in_words(score(study, data)));

  if (!study.table.empty()) {
    text += fmt::format("## Reconstruction terms and optimizers\n\n{}.\n\n",
                        in_common(study.table.front().row.options));
    append_table(text, study.table, data);
    text += "\n![The same nine images under each loss](reconstructions.png)\n\n";
  }

  text += fmt::format(
      "## The weight below and above the border\n\nThe loss is sum_squared_error times c; {}.\n\n",
      in_common(study.sweep.front().row.options));
  append_table(text, study.sweep, data);
  text +=
      "\n"
      "![KL against the weight](kl_against_weight.png)\n\n"
      "![The same nine images under each weight](sweep_reconstructions.png)\n\n";

  text +=
      "## How to read the tables\n\n"
      "- **loss term**: the reconstruction term, for a batch x and its reconstruction y. The loss "
      "is the sum of this term and the KL divergence:\n";
  for (const RecLoss& loss : rec_losses())
    text += fmt::format("  - {}: `{}`\n", loss.name, loss.formula);
  text += fmt::format(
      "- **weight c**: the weight of one squared error of one image. If sigma is learned (≈), c "
      "follows from the linear theory. **sigma²** = 1 / (2 c). **eigenvalues above**: the number "
      "of directions of the data with a variance above sigma². **predicted**: *works* if there is "
      "such a direction, else *collapse*. *on the border*: the weight is above the critical "
      "weight, but the linear theory predicts a code of less than 0.1 nats, which is too little to "
      "decide. *not of this form*: the loss has no squared errors.\n"
      "- **loss, rec, KL**: means over the last epoch of the training, per image, in nats if the "
      "loss is a likelihood. The optimizers have Chainer's settings: Adam's alpha is 0.001, SGD's "
      "learning rate is 0.01.\n"
      "- **active units, output spread, SSE**: measured after the training on the first {} test "
      "images. *active units*: the latent units whose mean has a variance above 0.01 over the "
      "images. *output spread*: the standard deviation of decode(mu) over the images, averaged "
      "over the pixels. *SSE*: the squared error of decode(mu) per image. The mean of these images "
      "has the SSE {:.3f}, the smallest SSE of any constant output.\n"
      "- **measured**: *collapsed*: KL < 0.01 and output spread < 0.001. *works*: a unit is "
      "active, the output spread is at least 0.001, and the SSE is below that of every constant "
      "output. *NaN in epoch n*: a training loss of that epoch was not finite, and the training "
      "ended there. *has not learned*: no unit is active, and the SSE is more than twice that of "
      "the best constant output. *undecided*: none of these yet; the KL of the last epoch is "
      "smaller (*falling*) or larger (*growing*) than after half of the epochs.\n"
      "- **right**: whether the prediction agrees with the measured result. The prediction "
      "concerns the optimum. ✓: the prediction is collapse, and the training collapsed or is "
      "undecided with the KL falling; or the prediction is works, and the training works or is "
      "undecided with the KL growing. ✗: otherwise. –: there is no prediction, or the prediction "
      "is on the border, or the training ended in NaN or has not learned, which says nothing about "
      "the optimum.\n",
      data.tested.length(0), data.tested_variance);
  return text;
}

void draw_reconstructions(const std::string& path, const Study& study, const StudyData& data) {
  pictures::Tiles tiles = inputs(data);
  tiles.title = fmt::format("The same images under each loss (Adam, {} epochs)",
                            study.table.front().row.options.epoch);
  for (const FinishedRow& finished : study.table)
    if (finished.row.options.optimizer == "adam")
      append(tiles, finished.row.options.loss, finished, data);
  pictures::write_tiles(path, tiles);
}

void draw_sweep_reconstructions(const std::string& path, const Study& study,
                                const StudyData& data) {
  pictures::Tiles tiles = inputs(data);
  tiles.title =
      fmt::format("The same images under each weight c of a squared error (border {:.3g})",
                  data.critical_weight);
  for (const FinishedRow& finished : study.sweep)
    append(tiles, fmt::format("c = {:g}", finished.row.options.rec_weight), finished, data);
  pictures::write_tiles(path, tiles);
}

void plot_kl_against_weight(const std::string& path, const Study& study, const StudyData& data) {
  nn::plot::Series curve{.name = "measured", .marker = "o"};
  for (const FinishedRow& finished : study.sweep) {
    curve.x.push_back(finished.row.options.rec_weight);
    curve.y.push_back(finished.outcome.last().kl);
  }
  const LabOptions& o = study.sweep.front().row.options;
  const double critical = data.critical_weight, first = curve.x.front(), last = curve.x.back();
  nn::plot::Figure figure{
      .title =
          fmt::format("KL divergence against the weight of a squared error ({}, Adam, {} epochs)",
                      name_of_data(study.data), o.epoch),
      .columns = 2};
  for (const bool log_y : {false, true}) {
    // At the critical weight, the theory's KL is 0, which has no logarithm.
    figure.panels.push_back(
        {.title = log_y ? "the same on a logarithmic axis" : "KL, in nats per image",
         .x_label = "weight c of a squared error",
         .y_label = "KL",
         .log_x = true,
         .log_y = log_y,
         .series = {curve, theory(o, data, log_y ? critical * 1.01 : first, last)},
         .vertical = {{.at = critical, .name = fmt::format("border: {:.3g}", critical)}}});
  }
  nn::plot::write_figure(path, figure);
}

}  // namespace vae::lab
