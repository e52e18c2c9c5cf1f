#pragma once

#include <cstdint>

#include "autograd/kernels/convolution/convolution.h"
#include "autograd/kernels/dispatch.h"

// Two-dimensional convolutions of few channels, computed directly from the definition. As matrix
// products they would consist mostly of padding. Here SIMD registers hold pixels along the rows of
// the maps, and filter weights are broadcast. Images are copied to planes with a border of zeros,
// in pieces that fit into the cache of a core.
//
// Each function does the same as its namesake in kernels/convolution/convolution.h, with the same
// guarantees.
namespace autograd::kernels::direct {

inline constexpr std::int64_t kMostPlaces = 64;  // of a filter

// Whether the functions below support the case.
bool possible(const Convolution& s);
// Whether they support the case and are faster than the methods for many channels, according to
// measurements (docs/decisions/convolution.md): there are few channels, and a row fills a register.
template <class T>
bool convolve_pays(const Convolution& s);
template <class T>
bool convolve_back_pays(const Convolution& s);
template <class T>
bool convolve_filters_pays(const Convolution& s);

template <class T>
std::int64_t convolve_workspace(const Convolution& s);
template <class T>
void convolve(const Convolution& s, const T* x, const T* W, const T* b, T* y, T* workspace);

template <class T>
std::int64_t convolve_back_workspace(const Convolution& s);
template <class T>
void convolve_back(const Convolution& s, const T* y, const T* W, const T* b, T* x, T* workspace);

template <class T>
std::int64_t convolve_filters_workspace(const Convolution& s);
template <class T>
void convolve_filters(const Convolution& s, const T* x, const T* y, T* W, T* workspace);

// -------------------------------------------------------------------------------------------------
// What is compiled once per instruction set.

// The layout of an image split into sy sx planes by pixel position modulo the strides, with a
// border of zeros: element (q, p) of plane (a, b) is pixel (q sy + a + top, p sx + b + left), or 0
// outside the image. `left` is not positive.
struct Split {
  std::int64_t height, width;  // of the image
  std::int64_t sy, sx, top, left;
  std::int64_t rows, pitch;  // of a plane

  std::int64_t size() const { return sy * sx * rows * pitch; }
};

// Shifts of a source of `channels` planes, `channel_stride` elements apart.
struct Shifts {
  std::int64_t channels, channel_stride;
  std::int64_t count;          // a channel
  const std::int64_t* offset;  // of the element that belongs to place (0, 0) of a map
  std::int64_t pitch;          // of the source's rows
};

// Maps of rows x columns elements, `outs` of them.
template <class P>
struct Maps {
  P* p;
  std::int64_t outs, stride, rows, columns, pitch;
};

template <class T>
struct Kernels {
  int lanes;  // of a SIMD register
  // The columns of the planes beside the image must already be 0.
  void (*split)(const Split& s, const T* image, T* planes);
  // y[o, i, j] = b[o] + sum over c and k of W[c, k, o] source[c, offset[k] + i pitch + j]
  void (*correlate)(const Shifts& s, const T* source, const T* W, const T* b, const Maps<T>& y);
  // Packs the maps of `images` images, `distance` elements apart, into registers for accumulate().
  // The lanes of a row's last register beyond the map are 0.
  void (*pack)(const Maps<const T>& y, std::int64_t images, std::int64_t distance, T* packed);
  // sums[c, k, o] += the sum over i and j of y[o, i, j] source[c, offset[k] + i pitch + j], for
  // `images` images whose sources are `distance` elements apart, and for packed y. Each sum is
  // spread over the lanes of a register.
  void (*accumulate)(const Shifts& s, const T* source, std::int64_t images, std::int64_t distance,
                     const Maps<const T>& y, T* sums);
  // y[i] = the sum of register i of x's.
  void (*sum_lanes)(const T* x, std::int64_t n, T* y);
  // row[j stride + b] = lines[b pitch + j], for a row of `width` elements.
  void (*interleave)(const T* lines, std::int64_t stride, std::int64_t pitch, std::int64_t width,
                     T* row);
};

template <class T, class Isa>
const Kernels<T>& kernels_for();  // defined in kernels/isa/

template <class T>
const Kernels<T>& kernels() {
  return with_active_isa([]<class Isa>() -> const Kernels<T>& { return kernels_for<T, Isa>(); });
}

}  // namespace autograd::kernels::direct
