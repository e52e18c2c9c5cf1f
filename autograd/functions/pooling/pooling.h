#pragma once

#include <optional>

#include "autograd/base/by_name.h"
#include "autograd/graph/array_like.h"
#include "autograd/graph/function_node.h"

// Windows that slide over images (N, C, H, W), channel by channel, on float32 and float64;
// Chainer's functions/pooling. A window is ksize large, and one begins every `stride` pixels of the
// image, which is surrounded by `pad` pixels: an axis of `length` pixels has
//   out = (length + 2 pad - ksize) / stride + 1
// windows, rounded down, or up with cover_all, so that every pixel is in one. Errors: windows that
// are empty or do not fit into the padded image, strides less than 1, negative pads.
namespace autograd::inline functions {

struct MaxPooling2DOptions {
  ByName by_name = {};
  std::optional<HeightWidth> stride = {};  // 2 or {{2, 1}}; ksize unless given
  HeightWidth pad = 0;
  bool cover_all = true;
};

// The greatest pixel of each window, (N, C, out_h, out_w); the gradient goes to the first such one.
// Pixels outside of the image count as -inf, and a window of nothing else gives -inf. NaN wins.
Variable max_pooling_2d(const Variable& x, HeightWidth ksize,
                        const MaxPooling2DOptions& options = {});
// By position, as Chainer: max_pooling_2d(x, 3, 2, 1).
inline Variable max_pooling_2d(const Variable& x, HeightWidth ksize, HeightWidth stride,
                               HeightWidth pad = 0, bool cover_all = true) {
  return max_pooling_2d(x, ksize, {.stride = stride, .pad = pad, .cover_all = cover_all});
}

// The same, and where in its window each pixel was: row ksize.width + column (int64), as
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

// The mean of each window, (N, C, out_h, out_w), in which pixels outside of the image count as 0.
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
  // The size of the result: one of which pooling makes that of x. Unless given, the smallest such:
  // stride (length - 1) + ksize - 2 pad, less stride - 1 with cover_all.
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

// Each pixel of x is put at one place of its window in an image of zeros, (N, C, H', W'): the
// inverse of max_pooling_2d_with_indices, whose `indices` (int32 or int64, of x's shape) say which
// place. Errors: also indices that are no places of a window.
Variable upsampling_2d(const Variable& x, ArrayLike indices, HeightWidth ksize,
                       const Unpooling2DOptions& options = {});
inline Variable upsampling_2d(const Variable& x, ArrayLike indices, HeightWidth ksize,
                              HeightWidth stride, HeightWidth pad = 0,
                              std::optional<HeightWidth> outsize = {}, bool cover_all = true) {
  return upsampling_2d(x, indices, ksize,
                       {.stride = stride, .pad = pad, .outsize = outsize, .cover_all = cover_all});
}

// Vectors of one length from images of any size, (N, C (1 + 4 + ... + 4^(pyramid_height - 1)), 1,
// 1): on level i the image is cut into 2^i x 2^i parts, as equal as they can be, of which the
// maxima are taken. An axis with fewer pixels than parts may give a part less. K. He and others,
// arXiv:1406.4729.
Variable spatial_pyramid_pooling_2d(const Variable& x, int pyramid_height);

}  // namespace autograd::inline functions
