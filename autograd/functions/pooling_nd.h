#pragma once

#include <optional>

#include "autograd/functions/pooling.h"

// Windows that slide over images with any number of axes, (N, C, d_1, ..., d_n), on float32 and
// float64; Chainer's functions/pooling. Windows are boxes, so that each of these functions is one
// of pooling.h along one axis after the other. Lengths and errors are those of pooling.h, axis by
// axis; ..._1d and ..._3d are the same for images of 1 and of 3 axes only.
namespace autograd {

struct MaxPoolingNDOptions {
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

// The same, and where in its window each pixel was (int64), counted in C order. Chainer's
// return_indices.
PooledWithIndices max_pooling_nd_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& options = {});
PooledWithIndices max_pooling_1d_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& options = {});
PooledWithIndices max_pooling_3d_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& options = {});

struct AveragePoolingNDOptions {
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

struct UnpoolingNDOptions {
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

}  // namespace autograd
