#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/functions/pooling/pooling.h"

// Windows that slide over images with any number of axes, (N, C, d_1, ..., d_n), on float32 and
// float64; Chainer's functions/pooling. Windows are boxes, so that each of these functions is one
// of pooling.h along one axis after the other. Lengths and errors are those of pooling.h, axis by
// axis; ..._1d and ..._3d are the same for images of 1 and of 3 axes only.
namespace autograd::inline functions {

struct MaxPoolingNDOptions {
  ByName by_name = {};
  std::optional<PerAxis> stride = {};  // 2 or {{2, 1, 3}}; ksize unless given
  PerAxis pad = 0;
  bool cover_all = true;
};

// The greatest pixel of each window, (N, C, out_1, ..., out_n); the gradient goes to the first such
// one. Pixels outside of the image count as -inf.
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

// The same, and where in its window each pixel was (int64), counted in C order. Chainer's
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
  // 0: pixels outside of the image count as 0. None: they do not count, the mean is over the part
  // of a window that lies inside (and 0 where no part does).
  std::optional<int> pad_value = 0;
};

// The mean of each window, (N, C, out_1, ..., out_n). Errors: also a pad_value that is neither 0
// nor none.
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
  // The lengths of the result: such of which pooling makes those of x. Unless given, the smallest:
  // stride (length - 1) + ksize - 2 pad, less stride - 1 with cover_all.
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
