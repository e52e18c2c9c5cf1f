#pragma once

#include <optional>

#include "autograd/graph/variable.h"

// What every convolution checks of its arguments, whatever the number of the images' axes.
namespace autograd {

// How filters lie on images: lengths along the images' axes.
struct FilterPlacement {
  Shape stride, pad, dilate;
  std::int64_t groups = 1;
};

// How many places the filters W (O, C / groups, lengths...) have along each axis of the images x
// (N, C, lengths...). Throws if the arguments do not fit; b (O) may be none.
Shape checked_convolution(std::string_view op, const Variable& x, const Variable& W,
                          const Variable& b, const FilterPlacement& filters, bool cover_all);

// The lengths of the images that the filters W (C, O / groups, lengths...) make of x (N, C,
// lengths...): `outsize`, or the smallest.
Shape checked_deconvolution(std::string_view op, const Variable& x, const Variable& W,
                            const Variable& b, const FilterPlacement& filters,
                            const std::optional<Shape>& outsize);

void check_convolution_bias(std::string_view op, const Variable& W, const Variable& b,
                            std::int64_t channels);

}  // namespace autograd
