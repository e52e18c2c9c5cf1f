#include "autograd/array/concat.h"

#include <cstring>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd::array {

// A row of the result consists of one run of each array, in order.
Array concat(std::span<const Array> xs, int axis) {
  if (xs.empty()) throw Error("concat: there must be an array, but none is given");
  axis = normalize_axis("concat", axis, xs[0].ndim());
  Shape shape = xs[0].shape();
  shape[axis] = 0;
  for (const Array& x : xs) {
    Shape others = x.shape();
    const bool fits = x.ndim() == shape.ndim() && x.dtype() == xs[0].dtype() &&
                      !__builtin_add_overflow(shape[axis], others[axis], &others[axis]);
    if (fits) shape[axis] = others[axis];
    if (!fits || others != shape)
      Check("concat", {{"the first", xs[0]}, {"another", x}})
          .fail("arrays must have the same dtype and, except along the axis, the same shape");
  }
  Array y = Array::empty(shape, xs[0].dtype());
  struct Run {
    Array x;
    std::size_t bytes;
    const std::byte* from;
    std::byte* to;
  };
  std::vector<Run> runs;
  const std::int64_t inner = shape.slice(axis + 1, shape.ndim()).elements();
  const std::size_t item = item_size(y.dtype());
  auto* to = static_cast<std::byte*>(y.mutable_raw());
  for (const Array& x : xs) {
    const std::size_t bytes = static_cast<std::size_t>(x.length(axis) * inner) * item;
    if (bytes == 0) continue;
    const Array c = x.contiguous();
    runs.push_back({c, bytes, static_cast<const std::byte*>(c.raw()), to});
    to += bytes;
  }
  const std::int64_t length = shape[axis] * inner;
  const std::size_t row = static_cast<std::size_t>(length) * item;
  for_lines(shape.slice(0, axis).elements(), length, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      for (const Run& r : runs) std::memcpy(r.to + i * row, r.from + i * r.bytes, r.bytes);
  });
  return y;
}

}  // namespace autograd::array
