#pragma once

#include <optional>

#include "autograd/graph/variable.h"

// The checks of arguments that all convolutions share, for images of any number of axes.
namespace autograd {

// The geometry of filters: lengths along the images' axes.
struct FilterPlacement {
  Shape stride, pad, dilate;
  std::int64_t groups = 1;
};

// The output lengths of a convolution of images x (N, C, lengths...) with filters W (O, C / groups,
// lengths...). Throws if the arguments do not match; b (O) may be null.
Shape checked_convolution(std::string_view op, const Variable& x, const Variable& W,
                          const Variable& b, const FilterPlacement& filters, bool cover_all);

// The output lengths of a deconvolution of x (N, C, lengths...) with filters W (C, O / groups,
// lengths...): `outsize` if given, else the smallest possible.
Shape checked_deconvolution(std::string_view op, const Variable& x, const Variable& W,
                            const Variable& b, const FilterPlacement& filters,
                            const std::optional<Shape>& outsize);

void check_convolution_bias(std::string_view op, const Variable& W, const Variable& b,
                            std::int64_t channels);

}  // namespace autograd
