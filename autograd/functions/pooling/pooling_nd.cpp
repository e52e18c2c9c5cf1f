#include "autograd/functions/pooling/pooling_nd.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/arithmetic.h"
#include "autograd/array/pooling.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/support/windows.h"

namespace autograd::inline functions {
namespace {

// The windows along each axis of x. Checks what all functions here are given: x must have `wanted`
// axes behind the channels, or any number if that is 0.
using AllWindows = std::vector<Windows>;
AllWindows checked_windows(std::string_view op, int wanted, const Variable& x, const PerAxis& ksize,
                           const std::optional<PerAxis>& stride, const PerAxis& pad) {
  Check(op, {{"x", x}}).floats();
  if (wanted > 0) Check(op, {{"x", x}}).ndim(wanted + 2);
  Check(op, {{"x", x}}).that(x.ndim() >= 3, "x must have at least 3 axes");
  const int axes = x.ndim() - 2;
  const Shape k = ksize.along(axes, op, "ksize"), p = pad.along(axes, op, "pad"),
              s = stride ? stride->along(axes, op, "stride") : k;
  AllWindows windows;
  for (int i = 0; i < axes; ++i) {
    if (k[i] < 1 || s[i] < 1 || p[i] < 0)
      throw Error(
          fmt::format("{}: ksize and stride must be at least 1 and pad at least 0, but they are "
                      "{}, {} and {}",
                      op, to_string(k), to_string(s), to_string(p)));
    windows.push_back({x.length(i + 2), k[i], s[i], p[i]});
  }
  check_windows(op, "ksize", k, 1);
  check_windows(op, "stride", s, 1);
  check_windows(op, "pad", p, 0);
  return windows;
}

void check_that_they_fit(std::string_view op, const Variable& x, const AllWindows& windows,
                         bool cover_all) {
  for (std::size_t i = 0; i < windows.size(); ++i)
    if (windows[i].count(cover_all) < 1)
      Check(op, {{"x", x}})
          .fail(
              fmt::format("a window of {} must fit into axis {} of x, which is {} with its padding",
                          windows[i].window, i + 2, windows[i].length + 2 * windows[i].pad));
}

// x as images whose height is one axis, and whose width is all axes behind it.
Variable as_images(const Variable& x, int axis) {
  const Shape& shape = x.shape();
  return reshape(x, {shape[0], shape.slice(1, axis).elements(), shape[axis],
                     shape.slice(axis + 1, x.ndim()).elements()});
}
// y with the shape of x, but for that axis.
Variable from_images(const Variable& y, Shape shape, int axis) {
  shape[axis] = y.length(2);
  return reshape(y, shape);
}

// Calls `pool(images, windows)` for one axis after the other, the last one first.
template <class F>
Variable along_each_axis(Variable x, const AllWindows& windows, const F& pool) {
  for (int axis = x.ndim() - 1; axis >= 2; --axis)
    x = from_images(pool(as_images(x, axis), windows[static_cast<std::size_t>(axis - 2)]),
                    x.shape(), axis);
  return x;
}

HeightWidth ksize_of(const Windows& w) { return {w.window, 1}; }
HeightWidth stride_of(const Windows& w) { return {w.stride, 1}; }
HeightWidth pad_of(const Windows& w) { return {w.pad, 0}; }

Variable max_pooling(std::string_view op, int wanted, const Variable& x, const PerAxis& ksize,
                     const MaxPoolingNDOptions& o) {
  const AllWindows windows = checked_windows(op, wanted, x, ksize, o.stride, o.pad);
  check_that_they_fit(op, x, windows, o.cover_all);
  // The last axis comes first, so that of equal pixels the first in C order is taken.
  return along_each_axis(x, windows, [&](const Variable& images, const Windows& w) {
    return max_pooling_2d(images, ksize_of(w),
                          {.stride = stride_of(w), .pad = pad_of(w), .cover_all = o.cover_all});
  });
}

PooledWithIndices max_pooling_with_indices(std::string_view op, int wanted, const Variable& x,
                                           const PerAxis& ksize, const MaxPoolingNDOptions& o) {
  const AllWindows windows = checked_windows(op, wanted, x, ksize, o.stride, o.pad);
  check_that_they_fit(op, x, windows, o.cover_all);
  double all = 1;
  for (const Windows& w : windows) all *= static_cast<double>(w.window);
  if (all > static_cast<double>(Windows::kMost))
    throw Error(fmt::format("{}: a window must have at most {} places, but it has {}", op,
                            Windows::kMost, all));
  // Where in its window each pixel was along the axes that are done, in float64, which holds any
  // such number; and how many places they have.
  Array indices;
  std::int64_t places = 1;
  const Variable y = along_each_axis(x, windows, [&](const Variable& images, const Windows& w) {
    const auto [pooled, along] = max_pooling_2d_with_indices(
        images, ksize_of(w), {.stride = stride_of(w), .pad = pad_of(w), .cover_all = o.cover_all});
    const Array here = along.astype(Dtype::float64);
    if (indices)
      indices = here * places + array::window_pick(indices.reshape(images.shape()),
                                                   along.astype(Dtype::int32),
                                                   {ksize_of(w), stride_of(w), pad_of(w)});
    else
      indices = here;
    places *= w.window;
    return pooled;
  });
  return {y, indices.reshape(y.shape()).astype(Dtype::int64)};
}

// How many places of each window lie inside of x, relative to how many it has.
Array part_inside(const Windows& w) {
  std::vector<double> parts;
  for (std::int64_t i = 0; i < w.count(false); ++i) {
    const std::int64_t begin = i * w.stride - w.pad;
    const std::int64_t inside =
        std::min(begin + w.window, w.length) - std::max<std::int64_t>(begin, 0);
    parts.push_back(static_cast<double>(std::max<std::int64_t>(inside, 1)) /
                    static_cast<double>(w.window));
  }
  return Array::from(std::span<const double>(parts));
}

Variable average_pooling(std::string_view op, int wanted, const Variable& x, const PerAxis& ksize,
                         const AveragePoolingNDOptions& o) {
  const AllWindows windows = checked_windows(op, wanted, x, ksize, o.stride, o.pad);
  check_that_they_fit(op, x, windows, false);
  if (o.pad_value.value_or(0) != 0)
    throw Error(fmt::format("{}: pad_value must be 0 or none, but it is {}", op, *o.pad_value));
  return along_each_axis(x, windows, [&](const Variable& images, const Windows& w) {
    const Variable y =
        average_pooling_2d(images, ksize_of(w), {.stride = stride_of(w), .pad = pad_of(w)});
    return o.pad_value || w.pad == 0
               ? y
               : y / Variable(part_inside(w).astype(x.dtype()).expand_dims(1));
  });
}

Variable unpooling(std::string_view op, int wanted, const Variable& x, const PerAxis& ksize,
                   const UnpoolingNDOptions& o) {
  AllWindows windows = checked_windows(op, wanted, x, ksize, o.stride, o.pad);
  std::optional<Shape> outsize;
  if (o.outsize) outsize = o.outsize->along(x.ndim() - 2, op, "outsize");
  if (outsize) check_windows(op, "outsize", *outsize, 0);
  for (int axis = 2; axis < x.ndim(); ++axis) {
    Windows& w = windows[static_cast<std::size_t>(axis - 2)];
    w.length = outsize ? (*outsize)[axis - 2]
                       : Windows::covered(x.length(axis), w.window, w.stride, w.pad, 1) -
                             (o.cover_all ? w.stride - 1 : 0);
    if (outsize && w.count(o.cover_all) != x.length(axis))
      Check(op, {{"x", x}})
          .fail(fmt::format("along axis {} outsize must be a length that has as many windows as x "
                            "has pixels, unlike {}",
                            axis, w.length));
    if (w.length < 0)
      Check(op, {{"x", x}})
          .fail(fmt::format(
              "the result must not have a negative length, and along axis {} it would be {}", axis,
              w.length));
  }
  return along_each_axis(x, windows, [&](const Variable& images, const Windows& w) {
    return unpooling_2d(images, ksize_of(w),
                        {.stride = stride_of(w),
                         .pad = pad_of(w),
                         .outsize = HeightWidth(w.length, images.length(3)),
                         .cover_all = o.cover_all});
  });
}

}  // namespace

Variable max_pooling_nd(const Variable& x, const PerAxis& ksize, const MaxPoolingNDOptions& o) {
  return max_pooling("max_pooling_nd", 0, x, ksize, o);
}
Variable max_pooling_1d(const Variable& x, const PerAxis& ksize, const MaxPoolingNDOptions& o) {
  return max_pooling("max_pooling_1d", 1, x, ksize, o);
}
Variable max_pooling_3d(const Variable& x, const PerAxis& ksize, const MaxPoolingNDOptions& o) {
  return max_pooling("max_pooling_3d", 3, x, ksize, o);
}

PooledWithIndices max_pooling_nd_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& o) {
  return max_pooling_with_indices("max_pooling_nd", 0, x, ksize, o);
}
PooledWithIndices max_pooling_1d_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& o) {
  return max_pooling_with_indices("max_pooling_1d", 1, x, ksize, o);
}
PooledWithIndices max_pooling_3d_with_indices(const Variable& x, const PerAxis& ksize,
                                              const MaxPoolingNDOptions& o) {
  return max_pooling_with_indices("max_pooling_3d", 3, x, ksize, o);
}

Variable average_pooling_nd(const Variable& x, const PerAxis& ksize,
                            const AveragePoolingNDOptions& o) {
  return average_pooling("average_pooling_nd", 0, x, ksize, o);
}
Variable average_pooling_1d(const Variable& x, const PerAxis& ksize,
                            const AveragePoolingNDOptions& o) {
  return average_pooling("average_pooling_1d", 1, x, ksize, o);
}
Variable average_pooling_3d(const Variable& x, const PerAxis& ksize,
                            const AveragePoolingNDOptions& o) {
  return average_pooling("average_pooling_3d", 3, x, ksize, o);
}

Variable unpooling_nd(const Variable& x, const PerAxis& ksize, const UnpoolingNDOptions& o) {
  return unpooling("unpooling_nd", 0, x, ksize, o);
}
Variable unpooling_1d(const Variable& x, const PerAxis& ksize, const UnpoolingNDOptions& o) {
  return unpooling("unpooling_1d", 1, x, ksize, o);
}
Variable unpooling_3d(const Variable& x, const PerAxis& ksize, const UnpoolingNDOptions& o) {
  return unpooling("unpooling_3d", 3, x, ksize, o);
}

}  // namespace autograd::inline functions
