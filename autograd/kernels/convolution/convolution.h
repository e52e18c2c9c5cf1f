#pragma once

#include <cstdint>

// Two-dimensional convolutions as matrix products (im2col). The batch is processed in blocks whose
// columns fit into a cache, so the workspace is small for images of any size. The borders of
// blocks, and of the pieces for threads, depend on the sizes alone, so results are the same, bit
// for bit, for any number of threads.
namespace autograd::kernels {

// The sizes of a batch of images x (n, c, h, w), of filters W (k, c / groups, kh, kw) and of maps y
// (n, k, oh, ow) that belong together:
//   y[n, o, i, j] = sum over a, u, v of W[o, a, u, v] x[n, a', i sy + u dy - py, j sx + v dx - px]
// where x is 0 outside of the image, and a' is channel a of the group that o belongs to.
struct Convolution {
  std::int64_t n, c, h, w;
  std::int64_t k, kh, kw;
  std::int64_t oh, ow;
  std::int64_t sy, sx, py, px, dy, dx;
  std::int64_t groups;

  std::int64_t filter_size() const { return c / groups * kh * kw; }
  // Whether the padded images are not much larger than the images. Required by code that copies
  // images into padded memory or counts pixels in 32 bits.
  bool slightly_padded() const {
    constexpr std::int64_t kMost = 1 << 15;
    return sy <= kMost && sx <= kMost && py <= kMost && px <= kMost && dy <= kMost && dx <= kMost;
  }
  friend bool operator==(const Convolution&, const Convolution&) = default;
};

// The number of elements of the workspace for convolve() and convolve_back(). The bias b, (k) or
// for convolve_back (c), may be null.
std::int64_t convolve_workspace(const Convolution& s);
// y from x.
template <class T>
void convolve(const Convolution& s, const T* x, const T* W, const T* b, T* y, T* workspace);
// x from y by the transposed convolution (deconvolution); also the gradient of x from the gradient
// of y.
template <class T>
void convolve_back(const Convolution& s, const T* y, const T* W, const T* b, T* x, T* workspace);

// The gradient of W from x and the gradient of y. The batch is divided into parts with a partial
// sum each, which are added at the end. There are at most as many parts as have partial sums in 64
// MiB of float32.
std::int64_t most_parts_of_filters(const Convolution& s);
std::int64_t convolve_filters_workspace(const Convolution& s);
template <class T>
void convolve_filters(const Convolution& s, const T* x, const T* y, T* W, T* workspace);

}  // namespace autograd::kernels
