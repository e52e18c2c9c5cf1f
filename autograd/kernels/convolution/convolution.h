#pragma once

#include <cstdint>

// Two-dimensional convolutions as matrix products (im2col). They go through the batch in blocks of
// which the columns fit into a cache, so the workspace is small however large the images are. The
// borders of the blocks, and of what the threads share, depend on the sizes alone, and with them
// the bits do not depend on the number of threads.
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
  // Whether the padded images are not much larger than the images, so that what pads them in
  // memory, or counts places in 32 bits, may do so.
  bool slightly_padded() const {
    constexpr std::int64_t kMost = 1 << 15;
    return sy <= kMost && sx <= kMost && py <= kMost && px <= kMost && dy <= kMost && dx <= kMost;
  }
  friend bool operator==(const Convolution&, const Convolution&) = default;
};

// Each needs a workspace of so many elements. Bias b (k), or (c) in convolve_back, may be null.
std::int64_t convolve_workspace(const Convolution& s);
// y from x.
template <class T>
void convolve(const Convolution& s, const T* x, const T* W, const T* b, T* y, T* workspace);
// x from y, by the transposed map: the gradient of x from that of y; also called a deconvolution.
template <class T>
void convolve_back(const Convolution& s, const T* y, const T* W, const T* b, T* x, T* workspace);

// The gradient of W from x and the gradient of y. The parts of the batch have sums of their own,
// which are added up at the end; there are not more of these than 64 MiB of float32 hold.
std::int64_t most_parts_of_filters(const Convolution& s);
std::int64_t convolve_filters_workspace(const Convolution& s);
template <class T>
void convolve_filters(const Convolution& s, const T* x, const T* y, T* W, T* workspace);

}  // namespace autograd::kernels
