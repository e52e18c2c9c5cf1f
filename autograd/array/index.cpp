#include "autograd/array/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"

namespace autograd {

Array Array::operator[](const Indices& indices) const { return array::get_item(*this, indices); }

Indices::Indices(std::initializer_list<Index> items) : items_(items) {}

namespace array {
namespace {

// An index expression applied to an array: a view of the array, and positions that are looked up on
// some of the view's axes. The positions are int32 or int64 and broadcast to one shape.
struct Plan {
  Array view;
  std::vector<int> axes;
  Arrays positions;
  Shape looked_up;        // the shape of the positions
  bool in_front = false;  // whether the looked up axes come first in the result

  bool basic() const { return axes.empty(); }
};

// The positions of a mask's true elements, one array for each of its axes.
Arrays nonzero(const Array& mask) {
  const Array m = mask.contiguous();
  const bool* p = m.data<bool>();
  const std::int64_t count = std::count(p, p + m.size(), true);
  Arrays positions;
  std::vector<std::int64_t*> at;
  for (int axis = 0; axis < m.ndim(); ++axis) {
    positions.push_back(Array::empty({count}, Dtype::int64));
    at.push_back(positions.back().mutable_data<std::int64_t>());
  }
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < m.size(); ++i) {
    if (!p[i]) continue;
    std::int64_t rest = i;
    for (int axis = m.ndim() - 1; axis >= 0; rest /= m.length(axis), --axis)
      at[static_cast<std::size_t>(axis)][found] = rest % m.length(axis);
    ++found;
  }
  return positions;
}

// Calls f with the elements of contiguous positions, int32 or int64. Converting the positions would
// take longer than using them.
template <class F>
decltype(auto) visit_positions(const Array& positions, const F& f) {
  return positions.dtype() == Dtype::int32 ? f(positions.data<std::int32_t>())
                                           : f(positions.data<std::int64_t>());
}

// Whether all of the positions are in [0, n).
bool all_within(const Array& positions, std::int64_t n) {
  return visit_positions(positions, [&]<class T>(const T* at) {
    using Bits = std::make_unsigned_t<T>;
    constexpr T kMost = std::numeric_limits<T>::max();
    const auto last = static_cast<Bits>(std::min<std::int64_t>(n - 1, kMost));
    Bits outside = 0;  // its sign bit is set if a position is negative or greater than last
    for (std::int64_t i = 0; i < positions.size(); ++i) {
      const auto position = static_cast<Bits>(at[i]);
      outside |= position | (last - position);
    }
    return outside <= static_cast<Bits>(kMost);
  });
}

// Converts negative positions, and checks all positions.
Array checked_positions(std::string_view op, const Array& x, int axis, const Array& given) {
  if (!is_integer(given.dtype()) || given.dtype() == Dtype::uint8)
    Check(op, {{"x", x}, {"the index", given}}).fail("an index array must be int32, int64 or bool");
  const std::int64_t n = x.length(axis);
  Array positions = given.contiguous();
  if (all_within(positions, n)) return positions;
  positions = positions.astype(Dtype::int64).copy();
  std::int64_t* p = positions.mutable_data<std::int64_t>();
  for (std::int64_t i = 0; i < positions.size(); ++i) {
    if (p[i] < -n || p[i] >= n)
      Check(op, {{"x", x}})
          .fail(
              fmt::format("an index of axis {} must be in [{}, {}), unlike {}", axis, -n, n, p[i]));
    if (p[i] < 0) p[i] += n;
  }
  return positions;
}

// Python's slice.indices.
Array sliced(std::string_view op, const Array& x, int axis, const Slice& s) {
  if (s.step == 0) throw Error(fmt::format("{}: a slice's step must not be 0, but it is", op));
  const std::int64_t n = x.length(axis), low = s.step > 0 ? 0 : -1, high = s.step > 0 ? n : n - 1;
  const auto bound = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
    if (!given) return otherwise;
    return std::clamp(*given < 0 ? *given + n : *given, low, high);
  };
  const std::int64_t start = bound(s.start, s.step > 0 ? low : high),
                     stop = bound(s.stop, s.step > 0 ? high : low);
  const std::int64_t distance = s.step > 0 ? stop - start : start - stop;
  const std::int64_t count =
      distance > 0 ? (s.step > 0 ? (distance - 1) / s.step : (1 - distance) / s.step) + 1 : 0;
  if (count == 0) return x.slice(axis, 0, 0);
  // With one element, the step is not used and may have any value.
  return x.slice(axis, start, count, count > 1 ? s.step : 1);
}

// The number of x's axes that an item uses.
int axes_taken(const Index& index) {
  if (const auto* a = std::get_if<Array>(&index.item()))
    return a->dtype() == Dtype::bool_ ? a->ndim() : 1;
  return std::holds_alternative<std::int64_t>(index.item()) ||
                 std::holds_alternative<Slice>(index.item())
             ? 1
             : 0;
}

Plan make_plan(std::string_view op, const Array& x, const Indices& indices) {
  int taken = 0, ellipses = 0;
  bool any_array = false;
  for (const Index& index : indices.items()) {
    taken += axes_taken(index);
    ellipses += std::holds_alternative<Ellipsis>(index.item());
    any_array = any_array || std::holds_alternative<Array>(index.item());
  }
  if (ellipses > 1)
    throw Error(fmt::format("{}: one ellipsis is allowed, but there are {}", op, ellipses));
  if (taken > x.ndim())
    Check(op, {{"x", x}}).fail(fmt::format("x must have the {} axes that are indexed", taken));

  Plan plan{.view = x, .axes = {}, .positions = {}, .looked_up = {}};
  int axis = 0;         // the axis of plan.view to which the next item applies
  int from = 0;         // the corresponding axis of x
  int place = 0;        // the position of the item, to detect items between index arrays
  int last_place = -1;  // the position of the last index array
  const auto look_up = [&](const Array& positions, bool checked) {
    if (last_place >= 0 && place > last_place + 1) plan.in_front = true;
    last_place = place;
    plan.axes.push_back(axis);
    plan.positions.push_back(checked ? positions : checked_positions(op, x, from, positions));
    ++axis;
    ++from;
  };
  for (const Index& index : indices.items()) {
    if (const auto* i = std::get_if<std::int64_t>(&index.item())) {
      const Array position = Array::scalar(*i);
      if (any_array)
        look_up(position, false);
      else
        plan.view = plan.view.select(
            axis, checked_positions(op, x, from++, position).data<std::int64_t>()[0]);
    } else if (const auto* s = std::get_if<Slice>(&index.item())) {
      plan.view = sliced(op, plan.view, axis, *s);
      ++axis;
      ++from;
    } else if (std::holds_alternative<Ellipsis>(index.item())) {
      axis += x.ndim() - taken;
      from += x.ndim() - taken;
    } else if (std::holds_alternative<NewAxis>(index.item())) {
      plan.view = plan.view.expand_dims(axis);
      ++axis;
    } else if (const Array& a = std::get<Array>(index.item()); a.dtype() != Dtype::bool_) {
      look_up(a, false);
    } else if (a.ndim() == 0) {
      // A 0-dimensional mask covers no axis. It looks up a new axis of length 1, once or not at
      // all.
      plan.view = plan.view.expand_dims(axis);
      look_up(Array::zeros({a.item() != 0 ? 1 : 0}, Dtype::int64), true);
      --from;
    } else {
      if (plan.view.shape().slice(axis, axis + a.ndim()) != a.shape())
        Check(op, {{"x", x}, {"the mask", a}})
            .fail("a mask must have the lengths of the axes that it covers");
      for (const Array& positions : nonzero(a)) {
        look_up(positions, true);
        last_place = place;
      }
    }
    ++place;
  }
  for (const Array& p : plan.positions) {
    try {
      plan.looked_up = broadcast_shapes(plan.looked_up, p.shape());
    } catch (const Error&) {
      throw Error(
          fmt::format("{}: index arrays must broadcast together, but their shapes are {} and {}",
                      op, to_string(plan.looked_up), to_string(p.shape())));
    }
  }
  return plan;
}

// Moves the looked up axes of the view before the others.
Array looked_up_first(const Plan& plan) {
  std::vector<int> order = plan.axes;
  for (int i = 0; i < plan.view.ndim(); ++i)
    if (std::find(plan.axes.begin(), plan.axes.end(), i) == plan.axes.end()) order.push_back(i);
  return plan.view.transpose(Axes(order));
}

// Permutes the axes (looked up..., others...) to the order of the result.
std::vector<int> result_order(const Plan& plan) {
  const int n = plan.looked_up.ndim(),
            others = plan.view.ndim() - static_cast<int>(plan.axes.size());
  const int before = plan.in_front ? 0 : plan.axes[0];
  std::vector<int> order;
  for (int i = 0; i < before; ++i) order.push_back(n + i);
  for (int i = 0; i < n; ++i) order.push_back(i);
  for (int i = before; i < others; ++i) order.push_back(n + i);
  return order;
}

// The row number of each position, in an array whose axes `lengths` are flattened.
Array rows_of(const Plan& plan, const Shape& lengths) {
  const auto positions = [&](std::size_t k) {
    return plan.positions[k].broadcast_to(plan.looked_up).contiguous();
  };
  Array rows = positions(0);
  for (std::size_t k = 1; k < plan.positions.size(); ++k) {
    const Array p = positions(k).astype(Dtype::int64), before = rows.astype(Dtype::int64);
    rows = Array::empty(plan.looked_up, Dtype::int64);
    const std::int64_t *at = p.data<std::int64_t>(), *from = before.data<std::int64_t>();
    std::int64_t* to = rows.mutable_data<std::int64_t>();
    for (std::int64_t i = 0; i < rows.size(); ++i)
      to[i] = from[i] * lengths[static_cast<int>(k)] + at[i];
  }
  return rows;
}

Array gather(const Plan& plan) {
  const Array x = looked_up_first(plan).contiguous();
  const int k = static_cast<int>(plan.axes.size());
  const Array rows = rows_of(plan, x.shape().slice(0, k));
  Shape shape = plan.looked_up;
  for (int i = k; i < x.ndim(); ++i) shape.push_back(x.length(i));
  Array y = Array::empty(shape, x.dtype());
  const std::int64_t columns = x.shape().slice(k, x.ndim()).elements();
  const std::size_t bytes = static_cast<std::size_t>(columns) * item_size(x.dtype());
  const auto* from = static_cast<const std::byte*>(x.raw());
  auto* to = static_cast<std::byte*>(y.mutable_raw());
  visit_positions(rows, [&](const auto* row) {
    for_lines(rows.size(), columns, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        std::memcpy(to + static_cast<std::size_t>(i) * bytes,
                    from + static_cast<std::size_t>(row[i]) * bytes, bytes);
    });
  });
  return y.transpose(Axes(result_order(plan)));
}

// Sorts the positions, stably, into 8 to 15 parts of 2^shift rows each.
struct Parts {
  Parts(const Array& rows, std::int64_t height)
      : shift(
            std::max(0, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(height))) - 4)),
        count(((height - 1) >> shift) + 1),
        begin(static_cast<std::size_t>(count) + 1),
        order(static_cast<std::size_t>(rows.size())) {
    const std::int64_t* row = rows.data<std::int64_t>();
    const auto part = [&](std::int64_t i) { return static_cast<std::size_t>(row[i] >> shift); };
    for (std::int64_t i = 0; i < rows.size(); ++i) ++begin[part(i) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<std::size_t> next(begin.begin(), begin.end());
    for (std::int64_t i = 0; i < rows.size(); ++i) order[next[part(i)]++] = i;
  }

  int shift;
  std::int64_t count;
  std::vector<std::size_t> begin;
  std::vector<std::int64_t> order;
};

}  // namespace

PositionRange position_range(const Array& positions, std::optional<std::int64_t> ignored) {
  const Array contiguous = positions.contiguous();
  PositionRange range{std::numeric_limits<std::int64_t>::max(),
                      std::numeric_limits<std::int64_t>::min(), 0};
  const auto add = [](PositionRange& to, std::int64_t position) {
    to.least = std::min(to.least, position);
    to.greatest = std::max(to.greatest, position);
    ++to.count;
  };
  visit_positions(contiguous, [&](const auto* p) {
    const auto* end = p + contiguous.size();
    if (ignored) {
      for (const std::int64_t none = *ignored; p < end; ++p)
        if (*p != none) add(range, *p);
      return;
    }
    // Four independent chains, which the processor computes in parallel.
    PositionRange four[4] = {range, range, range, range};
    for (; end - p >= 4; p += 4)
      for (int k = 0; k < 4; ++k) add(four[k], p[k]);
    for (const PositionRange& part : four) {
      range.least = std::min(range.least, part.least);
      range.greatest = std::max(range.greatest, part.greatest);
      range.count += part.count;
    }
    for (; p < end; ++p) add(range, *p);
  });
  return range;
}

Array get_item(const Array& x, const Indices& indices, std::string_view op) {
  const Plan plan = make_plan(op, x, indices);
  return plan.basic() ? plan.view : gather(plan);
}

Array scatter(const Shape& shape, const Indices& indices, const Array& values,
              std::string_view op) {
  Array y = Array::empty(shape, values.dtype());
  Plan plan = make_plan(op, y, indices);
  if (plan.basic()) {
    y.fill(0);
    plan.view.assign(values);
    return y;
  }
  // Adds into rows, then copies the sums to their places.
  Array target = looked_up_first(plan);
  const bool in_place = target.is_contiguous();
  if (!in_place || target.size() < y.size()) y.fill(0);
  Array sums = in_place ? target : Array::empty(target.shape(), y.dtype());
  const int k = static_cast<int>(plan.axes.size());
  const Array rows = rows_of(plan, target.shape().slice(0, k)).astype(Dtype::int64);
  const std::vector<int> order = result_order(plan);
  std::vector<int> back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    back[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  const Array from = values.transpose(Axes(back)).contiguous();
  const std::int64_t columns = target.shape().slice(k, target.ndim()).elements();
  if (sums.size() == 0) return y;
  // The threads divide the rows of the result. Each part of the rows is set to 0 and summed while
  // it is in the cache.
  const std::int64_t height = sums.size() / columns;
  const Parts parts(rows, height);
  visit(y.dtype(), [&]<class T>(std::type_identity<T>) {
    const T* p = from.data<T>();
    T* q = sums.mutable_data<T>();
    const std::int64_t* row = rows.data<std::int64_t>();
    const auto add_to = [&](std::int64_t part) {
      std::fill(q + (part << parts.shift) * columns,
                q + std::min(height, (part + 1) << parts.shift) * columns, T(0));
      const auto at = static_cast<std::size_t>(part);
      for (std::size_t n = parts.begin[at]; n < parts.begin[at + 1]; ++n) {
        const std::int64_t i = parts.order[n];
        const T* value = p + i * columns;
        T* sum = q + row[i] * columns;
        for (std::int64_t j = 0; j < columns; ++j) sum[j] = static_cast<T>(sum[j] + value[j]);
      }
    };
    const std::int64_t work = (sums.size() + from.size()) / parts.count;
    parallel::for_chunks(parts.count, kGrain / (work + 1) + 1,
                         [&](std::int64_t begin, std::int64_t end) {
                           for (std::int64_t part = begin; part < end; ++part) add_to(part);
                         });
  });
  if (!in_place) target.assign(sums);
  return y;
}

}  // namespace array
}  // namespace autograd
