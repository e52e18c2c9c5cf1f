#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "autograd/array/array.h"
#include "autograd/machine/parallel.h"

// The layer between arrays and kernels: it cuts strided arrays into contiguous runs.
namespace autograd {

// The loop over N arrays of one shape, cut into runs. Within a run each array advances by a fixed
// step. Axes that are contiguous with each other in every array are merged into one.
template <int N>
struct Runs {
  std::int64_t length = 0;             // elements of a run
  std::int64_t count = 0;              // how many runs
  std::array<std::int64_t, N> step{};  // within a run, in elements
  Shape outer;                         // the runs' own axes
  std::array<Shape, N> outer_strides;

  // Element offsets at which run `index` begins.
  std::array<std::int64_t, N> begin(std::int64_t index) const {
    std::array<std::int64_t, N> at{};
    const std::int64_t* lengths = outer.begin();
    for (int axis = outer.ndim() - 1; axis >= 0; --axis) {
      // The first axis needs no remainder, so one axis, the usual case, takes no division.
      const std::int64_t i = axis == 0 ? index : index % lengths[axis];
      if (axis > 0) index /= lengths[axis];
      for (int k = 0; k < N; ++k) at[k] += i * outer_strides[k].begin()[axis];
    }
    return at;
  }
};

template <int N>
Runs<N> make_runs(const std::array<const Array*, N>& arrays) {
  const Shape& shape = arrays[0]->shape();
  Shape dims;
  std::array<Shape, N> strides;
  for (int axis = 0; axis < shape.ndim(); ++axis) {
    if (shape[axis] == 1) continue;
    bool joins = !dims.empty();
    for (int k = 0; joins && k < N; ++k)
      joins = strides[k].back() == shape[axis] * arrays[k]->strides()[axis];
    if (joins)
      dims[dims.ndim() - 1] *= shape[axis];
    else
      dims.push_back(shape[axis]);
    for (int k = 0; k < N; ++k) {
      if (joins) strides[k].erase(strides[k].ndim() - 1);
      strides[k].push_back(arrays[k]->strides()[axis]);
    }
  }
  Runs<N> runs;
  if (dims.empty()) {
    runs.length = runs.count = 1;
    runs.step.fill(1);
    return runs;
  }
  const int last = dims.ndim() - 1;
  runs.length = dims[last];
  runs.outer = dims.slice(0, last);
  runs.count = runs.length == 0 ? 0 : runs.outer.elements();
  for (int k = 0; k < N; ++k) {
    runs.step[k] = strides[k][last];
    runs.outer_strides[k] = strides[k].slice(0, last);
  }
  return runs;
}

// kGrain: up to so many elements, waking other threads does not pay. kPiece: the elements that a
// thread takes at a time, few enough for all threads to finish at about the same time.
inline constexpr std::int64_t kGrain = 16384, kPiece = 4096;

// Cuts `count` lines of `length` elements each into parts and calls body(begin, end) for each part,
// spread over the threads.
template <class Body>
void for_lines(std::int64_t count, std::int64_t length, const Body& body) {
  // With no lines, the length may be the largest int64: the sum must not overflow.
  const std::int64_t with_overhead = std::min(length, kGrain) + 1;
  parallel::for_chunks(count, kPiece / with_overhead + 1, body, kGrain / with_overhead);
}

// Calls body(offsets, n) for each run, or part of a long one, spread over the threads.
template <int N, class Body>
void for_runs(const Runs<N>& runs, const Body& body) {
  if (runs.count == 1)
    return parallel::for_chunks(
        runs.length, kPiece,
        [&](std::int64_t begin, std::int64_t end) {
          std::array<std::int64_t, N> at{};
          for (int k = 0; k < N; ++k) at[k] = begin * runs.step[k];
          body(at, end - begin);
        },
        kGrain);
  for_lines(runs.count, runs.length, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) body(runs.begin(i), runs.length);
  });
}

}  // namespace autograd
