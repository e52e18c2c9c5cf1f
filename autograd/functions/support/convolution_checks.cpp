#include "autograd/functions/support/convolution_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/check.h"
#include "autograd/functions/support/windows.h"

namespace autograd {
namespace {

void check_inputs(std::string_view op, const Variable& x, const Variable& W,
                  const FilterPlacement& f) {
  Check(op, {{"x", x}, {"W", W}}).floats().ndim(f.stride.ndim() + 2);
  check_windows(op, "stride", f.stride, 1);
  check_windows(op, "pad", f.pad, 0);
  check_windows(op, "dilate", f.dilate, 1);
  if (f.groups < 1)
    throw Error(fmt::format("{}: groups must be at least 1, but it is {}", op, f.groups));
  const Shape lengths = W.shape().slice(2, W.ndim());
  Check(op, {{"x", x}, {"W", W}})
      .that(std::ranges::find(lengths, 0) == lengths.end(), "the filters must not be empty");
  check_windows(op, "a filter's length", lengths, 1);
}

// The filters' places on an image that is so long along an axis of W.
Windows along(int axis, std::int64_t length, const Variable& W, const FilterPlacement& f) {
  const int i = axis - 2;
  return {length, W.length(axis), f.stride[i], f.pad[i], f.dilate[i]};
}

}  // namespace

void check_convolution_bias(std::string_view op, const Variable& W, const Variable& b,
                            std::int64_t channels) {
  if (!b) return;
  Check(op, {{"W", W}, {"b", b}}).floats();
  if (b.ndim() != 1 || b.length(0) != channels)
    Check(op, {{"W", W}, {"b", b}}).fail(fmt::format("b must be ({})", channels));
}

Shape checked_convolution(std::string_view op, const Variable& x, const Variable& W,
                          const Variable& b, const FilterPlacement& filters, bool cover_all) {
  check_inputs(op, x, W, filters);
  const std::int64_t groups = filters.groups;
  if (x.length(1) % groups != 0 || W.length(0) % groups != 0)
    Check(op, {{"x", x}, {"W", W}})
        .fail(fmt::format("x.shape[1] and W.shape[0] must be divisible into {} groups", groups));
  if (x.length(1) != W.length(1) * groups)
    Check(op, {{"x", x}, {"W", W}})
        .fail(groups == 1
                  ? std::string("x.shape[1] must equal W.shape[1]")
                  : fmt::format("x.shape[1] must be W.shape[1] times the {} groups", groups));
  check_convolution_bias(op, W, b, W.length(0));
  Shape out;
  for (int axis = 2; axis < x.ndim(); ++axis) {
    const Windows places = along(axis, x.length(axis), W, filters);
    out.push_back(places.count(cover_all));
    if (out.back() < 1)
      Check(op, {{"x", x}, {"W", W}})
          .fail(
              fmt::format("a filter of {} must fit into axis {} of x, which is {} with its padding",
                          places.reach(), axis, places.length + 2 * places.pad));
  }
  return out;
}

Shape checked_deconvolution(std::string_view op, const Variable& x, const Variable& W,
                            const Variable& b, const FilterPlacement& filters,
                            const std::optional<Shape>& outsize) {
  check_inputs(op, x, W, filters);
  Check(op, {{"x", x}, {"W", W}})
      .that(x.length(1) == W.length(0), "x.shape[1] must equal W.shape[0]");
  if (x.length(1) % filters.groups != 0)
    Check(op, {{"x", x}, {"W", W}})
        .fail(fmt::format("x.shape[1] must be divisible into {} groups", filters.groups));
  check_convolution_bias(op, W, b, W.length(1) * filters.groups);
  if (outsize) check_windows(op, "outsize", *outsize, 0);
  Shape size;
  for (int axis = 2; axis < x.ndim(); ++axis) {
    Windows places = along(axis, 0, W, filters);
    const std::int64_t smallest =
        Windows::covered(x.length(axis), places.window, places.stride, places.pad, places.dilate);
    const std::int64_t length = outsize ? (*outsize)[axis - 2] : smallest;
    if (length < 1 || x.length(axis) < 1)
      Check(op, {{"x", x}, {"W", W}})
          .fail(fmt::format("the result must have at least 1 pixel along axis {}, unlike {}", axis,
                            length));
    places.length = length;
    if (places.count(false) > x.length(axis) || places.count(true) < x.length(axis))
      Check(op, {{"x", x}, {"W", W}})
          .fail(fmt::format("outsize along axis {} must be in [{}, {}], so that a convolution "
                            "gives x.shape[{}] places again, unlike {}",
                            axis, std::max<std::int64_t>(smallest - places.stride + 1, 1),
                            smallest + places.stride - 1, axis, length));
    size.push_back(length);
  }
  return size;
}

}  // namespace autograd
