#pragma once

#include <optional>
#include <span>
#include <string>

#include "autograd/array/array.h"
#include "examples/vae_lab/options.h"

namespace vae::lab {

// The weight c of one squared error of one image: the weight that is declared with the loss, times
// --rec-weight. If the variance of a pixel is learned, c follows from the best variance of the
// linear theory. None for a loss without squared errors. `eigenvalues` are those of the data's
// covariance.
std::optional<double> squared_error_weight(const LabOptions& options,
                                           std::span<const double> eigenvalues);

// Predicts whether the posterior will collapse with the loss and the weights of `options` and these
// training images (n, pixels). Returns lines with the prediction and the numbers, or one line that
// says why there is no prediction. For --conditional, `train` must be the images minus the means of
// their classes, within_classes(): a decoder knows these means without a code. Draws no random
// numbers.
std::string prediction(const LabOptions& options, const autograd::Array& train);

}  // namespace vae::lab
