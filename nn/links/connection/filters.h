#pragma once

#include <string_view>

#include "nn/link.h"

// What the layers of filters check when they are made and called.
namespace nn::inline links {

// The lengths of filters for images of `ndim` axes. Throws unless they and out_channels are at
// least 1.
autograd::Shape filter_lengths(std::string_view link, int ndim, std::int64_t out_channels,
                               const autograd::PerAxis& ksize);

void check_groups(std::string_view link, std::int64_t in_channels, std::int64_t out_channels,
                  std::int64_t groups);

// The channels of images x that must have `ndim` axes.
std::int64_t channels_of(std::string_view link, int ndim, const Variable& x);

}  // namespace nn::inline links
