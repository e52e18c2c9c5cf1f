#pragma once

#include <cstdint>
#include <optional>

#include "autograd/base/none.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Pooling over the regions of interest of images x (N, C, H, W), each cut into a grid of bins, on
// float32 and float64; Chainer's functions/pooling. `rois` has a row of numbers for each region, in
// any floating dtype; they are multiplied by spatial_scale and get no gradient. `outsize` is the
// number of bins along both axes. Results are (regions, C, height, width). Errors: lengths of
// outsize below 1, a scale that is not positive, numbers of rois that are not finite, images that do
// not exist.
namespace autograd::inline functions {

// The maximum of the pixels of each bin; the gradient goes to the first of them. A row of rois is
// (image, x_min, y_min, x_max, y_max): the pixels of both ends, rounded half to even, belong to the
// region, which is cut into bins that overlap where its length is no multiple of their number. A bin
// without pixels gives 0. R. Girshick, arXiv:1504.08083.
Variable roi_pooling_2d(const Variable& x, ArrayLike rois, std::int64_t outh, std::int64_t outw,
                        double spatial_scale);

// The same where a row of rois is (y_min, x_min, y_max, x_max), the last row and column do not belong
// to the region, `roi_indices` (int32 or int64) has the image of each, and a bin without pixels
// gives -inf.
Variable roi_max_pooling_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                            HeightWidth outsize, double spatial_scale);
// The mean of the pixels of each bin, 0 without pixels.
Variable roi_average_pooling_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                                HeightWidth outsize, double spatial_scale);

// How many samples a bin has along the height and the width: 2, {2, 3}, or None, which is the length
// of the region over the number of bins, rounded up. At most 65,536.
struct SamplingRatio {
  SamplingRatio(NoneType = None) {}  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor)
  SamplingRatio(std::int64_t both) : height(both), width(both) {}
  SamplingRatio(std::optional<std::int64_t> h, std::optional<std::int64_t> w)
      : height(h), width(w) {}

  std::optional<std::int64_t> height, width;
};

// The maximum, or the mean, of samples that lie in each bin in a regular grid. Nothing is rounded: a
// sample between pixels is interpolated from four of them, which the gradient goes to. Up to one
// pixel outside of the image a sample has the value of the border; farther out there is none, which
// counts as 0 in the mean. A bin without samples has the maximum -inf. K. He and others,
// arXiv:1703.06870.
Variable roi_max_align_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                          HeightWidth outsize, double spatial_scale,
                          const SamplingRatio& sampling_ratio = {});
Variable roi_average_align_2d(const Variable& x, ArrayLike rois, ArrayLike roi_indices,
                              HeightWidth outsize, double spatial_scale,
                              const SamplingRatio& sampling_ratio = {});

}  // namespace autograd::inline functions
