#pragma once

#include <optional>
#include <string>

#include "examples/vae_lab/study_training.h"
#include "nn/vae/collapse.h"

// The prediction for a training, its measured result, and whether they agree.
namespace vae::lab {

// The prediction; none if the loss does not have the form c * sum((x - y)^2) + beta * KL.
std::optional<nn::vae::CollapsePrediction> predicted(const LabOptions& options,
                                                     const StudyData& data);

enum class Measured {
  not_finite,  // a loss was NaN or infinite
  // KL < 0.01 nats per image and output spread < 0.001: every input gives the same image.
  collapsed,
  // A unit is active, the output spread is at least 0.001, and the squared error of decode(mu) on
  // the test images is below the error of any single image. A model with an uninformative code
  // cannot achieve this.
  works,
  // No unit is active, and the squared error is more than twice the error of the best single image.
  // The model has not learned, so the training says nothing about its optimum.
  not_learned,
  // None of these yet. The KL divergence of the last epoch is smaller (falling) or larger (growing)
  // than after half of the epochs.
  undecided_falling,
  undecided_growing,
};
bool is_undecided(Measured measured);
Measured measured(const Outcome& outcome, const StudyData& data);

// "collapsed", "works", "NaN in epoch 1", "undecided, KL falling".
std::string in_words(Measured measured, const Outcome& outcome);

// Whether the prediction is right. The prediction concerns the optimum. So an undecided training
// counts as the result that it moves towards. None if there is no prediction or the prediction is
// on the border, and if the training ended in NaN or has not learned, because it then says nothing
// about the optimum.
std::optional<bool> prediction_is_right(const LabOptions& options, const StudyData& data,
                                        const Outcome& outcome);

}  // namespace vae::lab
