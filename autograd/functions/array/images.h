#pragma once

#include "autograd/base/by_name.h"
#include "autograd/graph/function_node.h"

// Functions of batches of images (N, C, H, W), on float32 and float64; Chainer's functions/array.
namespace autograd::inline functions {

struct Im2colOptions {
  ByName by_name = {};
  HeightWidth stride = 1, pad = 0;
  bool cover_all = false;  // windows that reach beyond the padded image count, too
  HeightWidth dilate = 1;
};

// The windows of each image as columns: (N, C kh kw, out_h, out_w), where channel c kh kw + i kw +
// j at (y, x) is the pixel (y stride + i dilate - pad, x stride + j dilate - pad) of channel c, 0
// outside the image. With K = 1 + (k - 1) dilate, the dilated length of a window, out = (length + 2
// pad - K) / stride + 1, rounded down, or up with cover_all.
Variable im2col(const Variable& x, HeightWidth ksize, const Im2colOptions& options = {});
inline Variable im2col(const Variable& x, HeightWidth ksize, HeightWidth stride,
                       HeightWidth pad = 0, bool cover_all = false, HeightWidth dilate = 1) {
  return im2col(x, ksize, {.stride = stride, .pad = pad, .cover_all = cover_all, .dilate = dilate});
}

// Moves blocks of r x r pixels into the channels: (N, C, H, W) gives (N, r r C, H / r, W / r).
// Pixel (i, j) of a block of channel c becomes channel (i r + j) C + c.
Variable space2depth(const Variable& x, int r);
// The inverse of space2depth: (N, C, H, W) gives (N, C / (r r), r H, r W).
Variable depth2space(const Variable& x, int r);

enum class Resize { bilinear, nearest };
struct ResizeOptions {
  Resize mode = Resize::bilinear;
  // Bilinear only. True: the centres of the corner pixels are aligned. False: the corners of the
  // images are aligned.
  bool align_corners = true;
};

// Resizes the images to (N, C, height, width).
Variable resize_images(const Variable& x, HeightWidth output_shape,
                       const ResizeOptions& options = {});

}  // namespace autograd::inline functions
