#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/functions/pooling/pooling.h"

// Pooling of images with any number of axes, (N, C, d_1, ..., d_n), on float32 and float64;
// Chainer's functions/pooling. Windows are boxes, so these functions apply those of pooling.h along
// one axis after the other. Lengths and errors are as in pooling.h, axis by axis. The variants
// ..._1d and ..._3d accept images of 1 and of 3 axes only.
namespace autograd::inline functions {

struct MaxPoolingNDOptions {
  ByName by_name = {};
  std::optional<PerAxis> stride = {};  // 2 or {{2, 1, 3}}; ksize unless given
  PerAxis pad = 0;
  bool cover_all = true;
};

// The maximum of each window, (N, C, out_1, ..., out_n). The gradient goes to the first maximal
// pixel. Padding counts as -inf.
Variable max_pooling_nd(const Variable& x, const PerAxis& ksize,
                        const MaxPoolingNDOptions& options = {});
Variable max_pooling_1d(const Variable& x, const PerAxis& ksize,
                        const MaxPoolingNDOptions& options = {});
Variable max_pooling_3d(const Variable& x, const PerAxis& ksize,
                        const MaxPoolingNDOptions& options = {});
// By position, as Chainer: max_pooling_1d(x, 3, 2, 1).
inline Variable max_pooling_nd(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                               const PerAxis& pad = 0, bool cover_all = true) {
  return max_pooling_nd(x, ksize, {.stride = stride, .pad = pad, .cover_all = cover_all});
}
inline Variable max_pooling_1d(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                               const PerAxis& pad = 0, bool cover_all = true) {
  return max_pooling_1d(x, ksize, {.stride = stride, .pad = pad, .cover_all = cover_all});
}
inline Variable max_pooling_3d(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                               const PerAxis& pad = 0, bool cover_all = true) {
  return max_pooling_3d(x, ksize, {.stride = stride, .pad = pad, .cover_all = cover_all});
}

// The same, and the place of each maximum within its window (int64), counted in C order. Chainer's
// return_indices.
PooledWithIndices max_pooling_nd_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& options = {});
PooledWithIndices max_pooling_1d_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& options = {});
PooledWithIndices max_pooling_3d_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& options = {});

struct AveragePoolingNDOptions {
  ByName by_name = {};
  std::optional<PerAxis> stride = {};  // ksize unless given
  PerAxis pad = 0;
  // 0: padding counts as 0. Empty: padding does not count; the mean is over the part of the window
  // inside the image (0 if no part is inside).
  std::optional<int> pad_value = 0;
};

// The mean of each window, (N, C, out_1, ..., out_n). Errors: also a pad_value that is neither 0
// nor empty.
Variable average_pooling_nd(const Variable& x, const PerAxis& ksize,
                            const AveragePoolingNDOptions& options = {});
Variable average_pooling_1d(const Variable& x, const PerAxis& ksize,
                            const AveragePoolingNDOptions& options = {});
Variable average_pooling_3d(const Variable& x, const PerAxis& ksize,
                            const AveragePoolingNDOptions& options = {});
inline Variable average_pooling_nd(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                                   const PerAxis& pad = 0, std::optional<int> pad_value = 0) {
  return average_pooling_nd(x, ksize, {.stride = stride, .pad = pad, .pad_value = pad_value});
}
inline Variable average_pooling_1d(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                                   const PerAxis& pad = 0, std::optional<int> pad_value = 0) {
  return average_pooling_1d(x, ksize, {.stride = stride, .pad = pad, .pad_value = pad_value});
}
inline Variable average_pooling_3d(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                                   const PerAxis& pad = 0, std::optional<int> pad_value = 0) {
  return average_pooling_3d(x, ksize, {.stride = stride, .pad = pad, .pad_value = pad_value});
}

struct UnpoolingNDOptions {
  ByName by_name = {};
  std::optional<PerAxis> stride = {};  // ksize unless given
  PerAxis pad = 0;
  // The lengths of the result. Pooling an image of these lengths must give the lengths of x. By
  // default the smallest such lengths: stride (length - 1) + ksize - 2 pad, less stride - 1 with
  // cover_all.
  std::optional<PerAxis> outsize = {};
  bool cover_all = true;
};

// Each pixel of x fills its window of the result; where windows overlap they add up.
Variable unpooling_nd(const Variable& x, const PerAxis& ksize,
                      const UnpoolingNDOptions& options = {});
Variable unpooling_1d(const Variable& x, const PerAxis& ksize,
                      const UnpoolingNDOptions& options = {});
Variable unpooling_3d(const Variable& x, const PerAxis& ksize,
                      const UnpoolingNDOptions& options = {});
inline Variable unpooling_nd(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                             const PerAxis& pad = 0, const std::optional<PerAxis>& outsize = {},
                             bool cover_all = true) {
  return unpooling_nd(x, ksize,
                      {.stride = stride, .pad = pad, .outsize = outsize, .cover_all = cover_all});
}
inline Variable unpooling_1d(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                             const PerAxis& pad = 0, const std::optional<PerAxis>& outsize = {},
                             bool cover_all = true) {
  return unpooling_1d(x, ksize,
                      {.stride = stride, .pad = pad, .outsize = outsize, .cover_all = cover_all});
}
inline Variable unpooling_3d(const Variable& x, const PerAxis& ksize, const PerAxis& stride,
                             const PerAxis& pad = 0, const std::optional<PerAxis>& outsize = {},
                             bool cover_all = true) {
  return unpooling_3d(x, ksize,
                      {.stride = stride, .pad = pad, .outsize = outsize, .cover_all = cover_all});
}

}  // namespace autograd::inline functions
