#pragma once

#include <optional>
#include <string>

#include "autograd/array/array.h"
#include "examples/vae/options.h"

namespace vae {

// The weight c that the loss gives to one squared error of one image: 1 for sum_squared_error,
// 1 / pixels for mean_squared_error, 1 / batch size for pixels_x_mean_squared_error_over_batch, 1/2
// for gaussian_nll, whose variance is 1; times --rec-weight. None for a loss without squared
// errors.
std::optional<double> squared_error_weight(const Options& options, std::int64_t pixels);

// Whether the posterior will collapse with that loss, those weights and these training images (n,
// pixels): one line about the numbers and one that says it plainly, or one that says why nothing
// can be told. No random numbers.
std::string prediction(const Options& options, const autograd::Array& train);

}  // namespace vae
