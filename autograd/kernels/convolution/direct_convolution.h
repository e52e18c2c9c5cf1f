#pragma once

#include <cstdint>

#include "autograd/kernels/convolution/convolution.h"
#include "autograd/kernels/dispatch.h"

// Two-dimensional convolutions of few channels, computed as they are defined. On one side of a
// matrix product so few channels would be padding mostly; here SIMD registers lie along the rows of
// the maps, and the filters' numbers are broadcast. Images are copied to planes with a border of
// zeros, a piece at a time that stays near the core.
//
// Each function is as its namesake in kernels/convolution/convolution.h; so are its promises.
namespace autograd::kernels::direct {

inline constexpr std::int64_t kMostPlaces = 64;  // of a filter

// Whether the functions below can do it.
bool possible(const Convolution& s);
// Whether they can, and are faster than what wants many channels, as far as measured
// (docs/decisions/convolution.md): there are few, and a row fills a register.
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

// Planes of numbers with a border of 0, split by their places modulo the strides: element (q, p) of
// plane (a, b) is pixel (q sy + a + top, p sx + b + left), or 0 beyond the image. `left` is not
// positive.
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
  // The planes' columns beside the image must be 0 before.
  void (*split)(const Split& s, const T* image, T* planes);
  // y[o, i, j] = b[o] + sum over c and k of W[c, k, o] source[c, offset[k] + i pitch + j]
  void (*correlate)(const Shifts& s, const T* source, const T* W, const T* b, const Maps<T>& y);
  // The maps of so many images, `distance` elements apart, in registers, as accumulate takes them.
  // What the last one of a row has beyond the maps is 0.
  void (*pack)(const Maps<const T>& y, std::int64_t images, std::int64_t distance, T* packed);
  // sums[c, k, o] += the sum over i and j of y[o, i, j] source[c, offset[k] + i pitch + j], for so
  // many images, whose sources are `distance` elements apart, and y packed. A sum is the lanes of a
  // register.
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
