#pragma once

#include <optional>

#include "autograd/array/array.h"

// Two-dimensional convolutions. The caller has checked that the arrays have one floating dtype and
// matching shapes.
namespace autograd::array {

// The geometry of a convolution: how its filters are placed on the images.
struct Window {
  HeightWidth stride = 1, pad = 0, dilate = 1;
  std::int64_t groups = 1;  // channels fall into so many groups, filters meet those of their own
};

// The engine that computes convolutions. oneDNN is available if the library was built with it. It
// computes float32; matrix products (gemm) compute float64 and the cases that oneDNN does not
// support. The initial engine is the environment variable AUTOGRAD_CONVOLUTION (onednn or gemm),
// else oneDNN if available.
enum class ConvolutionEngine { onednn, gemm };
ConvolutionEngine convolution_engine();
// Throws if oneDNN is requested but not available.
void set_convolution_engine(ConvolutionEngine engine);

// x (n, c, h, w) and W (k, c / groups, kh, kw) give y (n, k, out.height, out.width): the sum of W x
// over a channel group and the filter's places, plus b (k) unless b is an empty handle. Pixels
// outside the images are 0.
Array convolve(const Array& x, const Array& W, const Array& b, const Window& window,
               HeightWidth out);

// The transposed convolution: y (n, k, oh, ow) and W (k, c / groups, kh, kw) give x (n, c,
// size.height, size.width), plus b (c) unless b is an empty handle.
Array convolve_back(const Array& y, const Array& W, const Array& b, const Window& window,
                    HeightWidth size);

// The gradient of W (k, c / groups, ksize.height, ksize.width) from x and the gradient of y.
Array convolve_filters(const Array& x, const Array& gy, const Window& window, HeightWidth ksize);

}  // namespace autograd::array
