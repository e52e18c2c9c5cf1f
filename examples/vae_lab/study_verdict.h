#pragma once

#include <optional>
#include <string>

#include "examples/vae_lab/study_training.h"
#include "nn/vae/collapse.h"

// What was to be expected of a training, what came of it, and whether they agree.
namespace vae::lab {

// None where the loss is not of the form c * sum((x - y)^2) + beta * KL.
std::optional<nn::vae::CollapsePrediction> predicted(const LabOptions& options,
                                                     const StudyData& data);

enum class Measured {
  not_finite,  // a loss was NaN or infinite
  collapsed,   // KL < 0.01 nats an image and output spread < 0.001: every input gives one image
  // A unit is active, the output spread is at least 0.001, and decode(mu) of the test images comes
  // closer to them than any single image does: a model whose code says nothing cannot.
  works,
  // No unit is active, but the outputs miss the images by more than twice what the best single image
  // misses: the model has not learned, so that nothing can be said about its optimum.
  not_learned,
  // None of these, as yet. The KL divergence tells which way it goes: it is smaller or larger
  // after the last epoch than it was after half of them.
  undecided_falling,
  undecided_growing,
};
bool is_undecided(Measured measured);
Measured measured(const Outcome& outcome, const StudyData& data);

// "collapsed", "works", "NaN in epoch 1", "undecided, KL falling".
std::string in_words(Measured measured, const Outcome& outcome);

// Whether the prediction is right. A prediction is one of the optimum, so a training that is
// undecided is taken for what it moves towards. None without a prediction, at the border, and for a
// training that ended in NaN or has not learned, which says nothing about the optimum.
std::optional<bool> prediction_is_right(const LabOptions& options, const StudyData& data,
                                        const Outcome& outcome);

}  // namespace vae::lab
