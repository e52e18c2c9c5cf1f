#pragma once

#include <cstdint>

#include "autograd/kernels/dispatch.h"
#include "autograd/kernels/window_axis.h"

// Pooling of one plane (a channel of an image), compiled once per instruction set. Positions
// outside the plane count as -inf for the maximum and as 0 for sums.
namespace autograd::kernels {

// The windows of a plane, whose dilate is 1.
struct Pooling {
  WindowAxis rows, columns;
};

// x is the plane (rows.length, columns.length), y has a number for each window (rows.windows,
// columns.windows). A place in a window is counted as row * columns.window + column.
template <class T>
struct Pool {
  // y, the maximum of each window (NaN if it contains a NaN), and the place of its first
  // occurrence.
  void (*max)(const Pooling& s, const T* x, T* y, std::int32_t* place);
  // y, the sum over each window times `scale`; and the adjoint: x, the sum over the windows that
  // cover a place, times `scale`.
  void (*sum)(const Pooling& s, const T* x, T scale, T* y);
  void (*spread)(const Pooling& s, const T* y, T scale, T* x);
  // pick: y, the element at `place` of each window, 0 outside the plane. The adjoint: adds each y
  // to x at its place, if this is inside the plane.
  void (*pick)(const Pooling& s, const T* x, const std::int32_t* place, T* y);
  void (*put)(const Pooling& s, const T* y, const std::int32_t* place, T* x);
};

template <class T, class Isa>
const Pool<T>& pool_for();  // defined in kernels/isa/

template <class T>
const Pool<T>& pool() {
  return with_active_isa([]<class Isa>() -> const Pool<T>& { return pool_for<T, Isa>(); });
}

}  // namespace autograd::kernels
