#pragma once

#include <optional>
#include <span>
#include <string>

#include "autograd/array/array.h"
#include "examples/vae_lab/options.h"

namespace vae::lab {

// The weight c that the loss gives to one squared error of one image, as declared with the loss,
// times --rec-weight; where the variance of a pixel is learned, what it comes to in the linear
// theory. None for a loss without squared errors. `eigenvalues`: of the data's covariance.
std::optional<double> squared_error_weight(const LabOptions& options,
                                           std::span<const double> eigenvalues);

// Whether the posterior will collapse with that loss, those weights and these training images (n,
// pixels): one line about the numbers and one that says it plainly, or one that says why nothing
// can be told. For --conditional the images less the means of their classes, within_classes(): the
// rest a decoder knows without a code. No random numbers.
std::string prediction(const LabOptions& options, const autograd::Array& train);

}  // namespace vae::lab
