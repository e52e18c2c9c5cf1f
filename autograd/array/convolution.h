#pragma once

#include <optional>

#include "autograd/array/array.h"

// Two-dimensional convolutions of arrays that the caller has checked: of one floating dtype, with
// lengths that fit.
namespace autograd::array {

// How the filters of a convolution lie on the images.
struct Window {
  HeightWidth stride = 1, pad = 0, dilate = 1;
  std::int64_t groups = 1;  // channels fall into so many groups, filters meet those of their own
};

// What computes them. oneDNN is there if the library was built with it, and does float32; all else,
// and what it has no way to do, is done by matrix products. At start: the environment variable
// AUTOGRAD_CONVOLUTION (onednn or gemm), else oneDNN where there is one.
enum class ConvolutionEngine { onednn, gemm };
ConvolutionEngine convolution_engine();
// Throws if oneDNN is wanted and not there.
void set_convolution_engine(ConvolutionEngine engine);

// x (n, c, h, w) and W (k, c / groups, kh, kw) give y (n, k, out.height, out.width): the sum over
// a channel group and the filter's places of W x, plus b (k) unless it is no array. What lies
// outside of the images is 0.
Array convolve(const Array& x, const Array& W, const Array& b, const Window& window,
               HeightWidth out);

// The transposed map: y (n, k, oh, ow) and W (k, c / groups, kh, kw) give x (n, c, size.height,
// size.width), plus b (c) unless it is no array.
Array convolve_back(const Array& y, const Array& W, const Array& b, const Window& window,
                    HeightWidth size);

// The gradient of W (k, c / groups, ksize.height, ksize.width) from x and the gradient of y.
Array convolve_filters(const Array& x, const Array& gy, const Window& window, HeightWidth ksize);

}  // namespace autograd::array
