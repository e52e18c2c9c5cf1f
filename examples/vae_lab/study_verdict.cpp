#include "examples/vae_lab/study_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "examples/vae_lab/prediction.h"

namespace vae::lab {

std::optional<nn::vae::CollapsePrediction> predicted(const LabOptions& options,
                                                     const StudyData& data) {
  const std::optional<double> c = squared_error_weight(options, data.eigenvalues);
  if (!c) return {};
  return nn::vae::predict_collapse(data.eigenvalues,
                                   {.weight = *c, .beta = options.beta, .units = options.dim_z});
}

bool is_undecided(Measured measured) {
  return measured == Measured::undecided_falling || measured == Measured::undecided_growing;
}

Measured measured(const Outcome& outcome, const StudyData& data) {
  if (outcome.nan_epoch) return Measured::not_finite;
  const double kl = outcome.last().kl;
  const std::size_t half = std::max<std::size_t>(outcome.epochs.size() / 2, 1);
  const double half_way = outcome.epochs[half - 1].kl;
  const bool same_image = outcome.output_spread < 0.001;
  if (same_image && kl < 0.01) return Measured::collapsed;
  if (!same_image && outcome.active_units > 0 && outcome.squared_error < data.tested_variance)
    return Measured::works;
  if (outcome.active_units == 0 && outcome.squared_error > 2 * data.tested_variance)
    return Measured::not_learned;
  return kl < half_way ? Measured::undecided_falling : Measured::undecided_growing;
}

std::string in_words(Measured measured, const Outcome& outcome) {
  switch (measured) {
    case Measured::not_finite:
      return fmt::format("NaN in epoch {}", *outcome.nan_epoch);
    case Measured::collapsed:
      return "collapsed";
    case Measured::works:
      return "works";
    case Measured::not_learned:
      return "has not learned";
    case Measured::undecided_falling:
      return "undecided, KL falling";
    case Measured::undecided_growing:
      return "undecided, KL growing";
  }
  return {};
}

std::optional<bool> prediction_is_right(const LabOptions& options, const StudyData& data,
                                        const Outcome& outcome) {
  const auto prediction = predicted(options, data);
  const Measured m = measured(outcome, data);
  if (!prediction || prediction->on_border() || m == Measured::not_finite ||
      m == Measured::not_learned)
    return {};
  const bool to_collapse = m == Measured::collapsed || m == Measured::undecided_falling;
  return prediction->collapse == to_collapse;
}

}  // namespace vae::lab
