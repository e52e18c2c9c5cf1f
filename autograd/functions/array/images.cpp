#include "autograd/functions/array/images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/array/pad.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/support/windows.h"

namespace autograd::inline functions {
namespace {

void require_images(std::string_view op, const Variable& x) {
  Check(op, {{"x", x}}).floats().ndim(4);
}

Windows windows(const Variable& x, int axis, std::int64_t k, std::int64_t stride, std::int64_t pad,
                std::int64_t dilate) {
  const Windows w{x.length(axis), k, stride, pad, dilate};
  if (k < 1 || stride < 1 || pad < 0 || dilate < 1)
    throw Error(
        fmt::format("im2col: ksize, stride and dilate must be at least 1 and pad at least 0, but "
                    "they are {}, {}, {} and {}",
                    k, stride, dilate, pad));
  check_windows("im2col", "ksize", {k}, 1);
  check_windows("im2col", "stride", {stride}, 1);
  check_windows("im2col", "pad", {pad}, 0);
  check_windows("im2col", "dilate", {dilate}, 1);
  if (w.length + 2 * pad < w.reach())
    Check("im2col", {{"x", x}})
        .fail(
            fmt::format("a window of {} must fit into axis {} with its padding", w.reach(), axis));
  return w;
}

// Where along an axis the pixels of the new image lie in the old one.
struct Places {
  Places(std::int64_t length, std::int64_t to, const ResizeOptions& o)
      : from(static_cast<double>(length)),
        ratio(from / static_cast<double>(to)),
        corners(to > 1 ? (from - 1) / static_cast<double>(to - 1) : 0),
        options(o) {}

  double operator()(std::int64_t i) const {
    const double n = static_cast<double>(i);
    const double place = options.mode == Resize::nearest ? std::floor(n * ratio)
                         : options.align_corners         ? n * corners
                                                         : std::max(0.0, (n + 0.5) * ratio - 0.5);
    return std::min(place, from - 1);
  }

  double from, ratio, corners;
  ResizeOptions options;
};

// Resizes one axis of x, 2 or 3: between the two pixels around each place.
Variable resize_axis(const Variable& x, int axis, std::int64_t to, const ResizeOptions& options) {
  const Places places(x.length(axis), to, options);
  Array before = Array::empty({to}, Dtype::int64), behind = Array::empty({to}, Dtype::int64),
        weights = Array::empty({to}, Dtype::float64);
  std::int64_t* first = before.mutable_data<std::int64_t>();
  std::int64_t* second = behind.mutable_data<std::int64_t>();
  double* weight = weights.mutable_data<double>();
  bool between = false;
  for (std::int64_t i = 0; i < to; ++i) {
    const double place = places(i);
    first[i] = static_cast<std::int64_t>(place);
    second[i] = std::min(first[i] + 1, x.length(axis) - 1);
    weight[i] = place - std::floor(place);
    between = between || weight[i] > 0;
  }
  const auto pick = [&](const Array& positions) {
    return axis == 2 ? get_item(x, {ellipsis, positions, Slice()})
                     : get_item(x, {ellipsis, positions});
  };
  if (!between) return pick(before);
  const Shape shape = axis == 2 ? Shape{to, 1} : Shape{to};
  const Variable w = as_variable(weights.reshape(shape).astype(x.dtype()));
  return pick(before) * (1 - w) + pick(behind) * w;
}

}  // namespace

Variable im2col(const Variable& x, HeightWidth ksize, const Im2colOptions& o) {
  require_images("im2col", x);
  const Windows rows = windows(x, 2, ksize.height, o.stride.height, o.pad.height, o.dilate.height);
  const Windows columns = windows(x, 3, ksize.width, o.stride.width, o.pad.width, o.dilate.width);
  const std::int64_t n = x.length(0), c = x.length(1), h = rows.count(o.cover_all),
                     w = columns.count(o.cover_all);
  const Variable image = pad(
      x, {{0, 0}, {0, 0}, {rows.pad, rows.pad_behind(h)}, {columns.pad, columns.pad_behind(w)}});
  const std::int64_t line = image.length(3), plane = image.length(2) * line;
  const Variable y = as_strided(
      image, {n, c, ksize.height, ksize.width, h, w},
      {c * plane, plane, rows.dilate * line, columns.dilate, rows.stride * line, columns.stride});
  return reshape(y, {n, c * ksize.height * ksize.width, h, w});
}

Variable space2depth(const Variable& x, int r) {
  require_images("space2depth", x);
  if (r < 1 || x.length(2) % r != 0 || x.length(3) % r != 0)
    Check("space2depth", {{"x", x}})
        .fail(fmt::format("height and width must be divisible by {}", r));
  const std::int64_t n = x.length(0), c = x.length(1), h = x.length(2) / r, w = x.length(3) / r;
  const std::int64_t channels = length_product("space2depth", std::int64_t{r} * r, c);
  return reshape(transpose(reshape(x, {n, c, h, r, w, r}), {0, 3, 5, 1, 2, 4}),
                 {n, channels, h, w});
}

Variable depth2space(const Variable& x, int r) {
  require_images("depth2space", x);
  const std::int64_t block = std::int64_t{r} * r;
  if (r < 1 || x.length(1) % block != 0)
    Check("depth2space", {{"x", x}})
        .fail(fmt::format("the number of channels must be divisible by {0} * {0}", r));
  const std::int64_t n = x.length(0), c = x.length(1) / block, h = x.length(2), w = x.length(3);
  const std::int64_t height = length_product("depth2space", h, r),
                     width = length_product("depth2space", w, r);
  return reshape(transpose(reshape(x, {n, r, r, c, h, w}), {0, 3, 4, 1, 5, 2}),
                 {n, c, height, width});
}

Variable resize_images(const Variable& x, HeightWidth output_shape, const ResizeOptions& options) {
  require_images("resize_images", x);
  if (output_shape.height < 1 || output_shape.width < 1 || x.length(2) < 1 || x.length(3) < 1)
    Check("resize_images", {{"x", x}})
        .fail(fmt::format("neither image may be empty, and the new one has {} x {} pixels",
                          output_shape.height, output_shape.width));
  return resize_axis(resize_axis(x, 2, output_shape.height, options), 3, output_shape.width,
                     options);
}

}  // namespace autograd::inline functions
