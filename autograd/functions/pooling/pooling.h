#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Pooling over windows that slide over images (N, C, H, W), channel by channel, on float32 and
// float64; Chainer's functions/pooling. Windows have size `ksize` and begin at every `stride`-th
// pixel of the image padded by `pad` pixels on each side. Along an axis of `length` pixels there
// are
//   out = (length + 2 pad - ksize) / stride + 1
// windows, rounded down, or with cover_all rounded up, so that every pixel is in a window. Errors:
// windows that are empty or do not fit into the padded image, strides less than 1, negative pads.
namespace autograd::inline functions {

struct MaxPooling2DOptions {
  ByName by_name = {};
  std::optional<HeightWidth> stride = {};  // 2 or {{2, 1}}; ksize unless given
  HeightWidth pad = 0;
  bool cover_all = true;
};

// The maximum of each window, (N, C, out_h, out_w). The gradient goes to the first maximal pixel.
// Padding counts as -inf, so a window of padding alone gives -inf. A window with a NaN gives NaN.
Variable max_pooling_2d(const Variable& x, HeightWidth ksize,
                        const MaxPooling2DOptions& options = {});
// By position, as Chainer: max_pooling_2d(x, 3, 2, 1).
inline Variable max_pooling_2d(const Variable& x, HeightWidth ksize, HeightWidth stride,
                               HeightWidth pad = 0, bool cover_all = true) {
  return max_pooling_2d(x, ksize, {.stride = stride, .pad = pad, .cover_all = cover_all});
}

// The same, and the place of each maximum within its window: row * ksize.width + column (int64), as
// upsampling_2d takes it. Chainer's return_indices.
struct PooledWithIndices {
  Variable y;
  Array indices;
};
PooledWithIndices max_pooling_2d_with_indices(const Variable& x, HeightWidth ksize,
                                              const MaxPooling2DOptions& options = {});

struct AveragePooling2DOptions {
  ByName by_name = {};
  std::optional<HeightWidth> stride = {};  // ksize unless given
  HeightWidth pad = 0;
};

// The mean of each window, (N, C, out_h, out_w). Padding counts as 0.
Variable average_pooling_2d(const Variable& x, HeightWidth ksize,
                            const AveragePooling2DOptions& options = {});
inline Variable average_pooling_2d(const Variable& x, HeightWidth ksize, HeightWidth stride,
                                   HeightWidth pad = 0) {
  return average_pooling_2d(x, ksize, {.stride = stride, .pad = pad});
}

struct Unpooling2DOptions {
  ByName by_name = {};
  std::optional<HeightWidth> stride = {};  // ksize unless given
  HeightWidth pad = 0;
  // The size of the result. Pooling an image of this size must give the size of x. By default the
  // smallest such size: stride (length - 1) + ksize - 2 pad, less stride - 1 with cover_all.
  std::optional<HeightWidth> outsize = {};
  bool cover_all = true;
};

// Each pixel of x fills its window of the result, (N, C, H', W'); where windows overlap they add
// up. unpooling_2d(x, 2, {.cover_all = false}) enlarges images two times.
Variable unpooling_2d(const Variable& x, HeightWidth ksize, const Unpooling2DOptions& options = {});
inline Variable unpooling_2d(const Variable& x, HeightWidth ksize, HeightWidth stride,
                             HeightWidth pad = 0, std::optional<HeightWidth> outsize = {},
                             bool cover_all = true) {
  return unpooling_2d(x, ksize,
                      {.stride = stride, .pad = pad, .outsize = outsize, .cover_all = cover_all});
}

// Puts each pixel of x at one place of its window in an image of zeros, (N, C, H', W'). `indices`
// (int32 or int64, of x's shape) gives the places, as max_pooling_2d_with_indices returns them.
// Errors: also indices outside [0, ksize.height * ksize.width).
Variable upsampling_2d(const Variable& x, ArrayLike indices, HeightWidth ksize,
                       const Unpooling2DOptions& options = {});
inline Variable upsampling_2d(const Variable& x, ArrayLike indices, HeightWidth ksize,
                              HeightWidth stride, HeightWidth pad = 0,
                              std::optional<HeightWidth> outsize = {}, bool cover_all = true) {
  return upsampling_2d(x, indices, ksize,
                       {.stride = stride, .pad = pad, .outsize = outsize, .cover_all = cover_all});
}

// Vectors of one length from images of any size, (N, C (1 + 4 + ... + 4^(pyramid_height - 1)), 1,
// 1). Level i divides the image into 2^i x 2^i parts, as equal as possible, and takes the maximum
// of each part. If an axis has fewer pixels than parts, there may be one part less. K. He and
// others, arXiv:1406.4729.
Variable spatial_pyramid_pooling_2d(const Variable& x, int pyramid_height);

}  // namespace autograd::inline functions
