#include "autograd/functions/connection/shift.h"

#include <fmt/format.h>

#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/join.h"
#include "autograd/functions/array/pad.h"
#include "autograd/functions/support/windows.h"

namespace autograd::inline functions {
namespace {

std::int64_t magnitude(std::int64_t n) { return n < 0 ? -n : n; }

}  // namespace

Variable shift(const Variable& x, const ShiftOptions& o) {
  constexpr std::string_view op = "shift";
  Check(op, {{"x", x}}).floats().ndim(4);
  check_windows(op, "ksize", {o.ksize.height, o.ksize.width}, 1);
  if (o.ksize.height % 2 == 0 || o.ksize.width % 2 == 0)
    throw Error(fmt::format("{}: the lengths of ksize must be odd, but they are {} and {}", op,
                            o.ksize.height, o.ksize.width));
  check_windows(op, "dilate", {o.dilate.height, o.dilate.width}, -Windows::kMost);
  if (o.dilate.height == 0 || o.dilate.width == 0)
    throw Error(fmt::format("{}: dilate must not be 0, but it is {} and {}", op, o.dilate.height,
                            o.dilate.width));
  const std::int64_t groups = length_product(op, o.ksize.height, o.ksize.width);
  if (x.length(1) < groups)
    Check(op, {{"x", x}}).fail(fmt::format("there must be at least {} channels", groups));

  const std::int64_t height = x.length(2), width = x.length(3), each = x.length(1) / groups;
  const std::int64_t reach_h = o.ksize.height / 2 * magnitude(o.dilate.height),
                     reach_w = o.ksize.width / 2 * magnitude(o.dilate.width);
  const Variable padded = pad(x, {{0, 0}, {0, 0}, {reach_h, reach_h}, {reach_w, reach_w}});
  const std::int64_t middle = (groups - 1) / 2, last = groups - 1;
  Variables parts;
  for (std::int64_t i = 0; i < groups; ++i) {
    const std::int64_t place = i == middle ? last : i == last ? middle : i;
    const std::int64_t top =
                           reach_h - (place / o.ksize.width - o.ksize.height / 2) * o.dilate.height,
                       left =
                           reach_w - (place % o.ksize.width - o.ksize.width / 2) * o.dilate.width;
    parts.push_back(
        get_item(padded, {Slice(), Slice(i * each, i == last ? x.length(1) : (i + 1) * each),
                          Slice(top, top + height), Slice(left, left + width)}));
  }
  return concat(parts, 1);
}

}  // namespace autograd::inline functions
