#include "autograd/functions/array/pad.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/array/arithmetic.h"
#include "autograd/array/concat.h"
#include "autograd/array/index.h"
#include "autograd/array/median.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/graph/attributes.h"

namespace autograd::inline functions {
namespace {

// What is added along one axis.
struct Borders {
  PadWidth::Pair width;
  PadValue::Pair constant, end;
  PadWidth::Pair stat_length;
};

std::string_view text(PadMode mode) {
  switch (mode) {
    case PadMode::constant:
      return "constant";
    case PadMode::edge:
      return "edge";
    case PadMode::linear_ramp:
      return "linear_ramp";
    case PadMode::maximum:
      return "maximum";
    case PadMode::mean:
      return "mean";
    case PadMode::median:
      return "median";
    case PadMode::minimum:
      return "minimum";
    case PadMode::reflect:
      return "reflect";
    case PadMode::symmetric:
      return "symmetric";
    case PadMode::wrap:
      break;
  }
  return "wrap";
}

bool is_statistic(PadMode mode) {
  return mode == PadMode::maximum || mode == PadMode::mean || mode == PadMode::median ||
         mode == PadMode::minimum;
}

// Each element of the padded axis is sign * y[source] + first * y[0] + last * y[-1] of the elements
// before; the signs and what follows only with ReflectType::odd.
struct Mirrored {
  Array source, sign, first, last;
};

Mirrored mirrored(PadMode mode, const PadWidth::Pair& width, std::int64_t n) {
  Mirrored m{Array::arange(width.first + n + width.second), {}, {}, {}};
  m.sign = m.source.copy(), m.first = m.source.copy(), m.last = m.source.copy();
  std::int64_t *source = m.source.mutable_data<std::int64_t>(),
               *sign = m.sign.mutable_data<std::int64_t>(),
               *first = m.first.mutable_data<std::int64_t>(),
               *last = m.last.mutable_data<std::int64_t>();
  for (std::int64_t k = 0; k < m.source.size(); ++k) {
    std::int64_t i = k - width.first, periods = 0, turned = 0;
    const auto reduce = [&](std::int64_t period) {
      periods = i / period - (i % period < 0 ? 1 : 0);
      i -= periods * period;
    };
    if (mode == PadMode::edge || n == 1) i = std::clamp<std::int64_t>(i, 0, n - 1);
    if (mode == PadMode::wrap) reduce(n);
    if (mode == PadMode::reflect && n > 1) {
      reduce(2 * n - 2);
      turned = i >= n ? 1 : 0;
      if (i >= n) i = 2 * n - 2 - i;
    }
    if (mode == PadMode::symmetric && n > 1) {
      reduce(2 * n);
      turned = i >= n ? 1 : 0;
      if (i >= n) i = 2 * n - 1 - i;
    }
    // A point reflection at the last element, and a shift by twice the axis's rise for each period.
    source[k] = i, sign[k] = 1 - 2 * turned;
    first[k] = -2 * periods, last[k] = 2 * (periods + turned);
  }
  return m;
}

// A vector along an axis of arrays with `ndim` axes.
Array along_axis(const Array& v, int axis, int ndim, Dtype dtype) {
  Shape shape = Shape::filled(ndim, 1);
  shape[axis] = v.size();
  return v.reshape(shape).astype(dtype);
}

Array reflected(const Array& y, int axis, PadMode mode, ReflectType type,
                const PadWidth::Pair& width) {
  const std::int64_t n = y.length(axis);
  const Mirrored m = mirrored(mode, width, n);
  std::vector<Index> at(static_cast<std::size_t>(axis), Slice());
  at.emplace_back(m.source);
  Array picked = array::get_item(y, Indices(at));
  if (type == ReflectType::even || (mode != PadMode::reflect && mode != PadMode::symmetric))
    return picked;
  const auto factor = [&](const Array& v) { return along_axis(v, axis, y.ndim(), y.dtype()); };
  return factor(m.sign) * picked + factor(m.first) * y.slice(axis, 0, 1) +
         factor(m.last) * y.slice(axis, n - 1, 1);
}

// The border on one side of y.
Array border(const Array& y, int axis, PadMode mode, const Borders& b, bool before) {
  const auto of = [&](const auto& pair) { return before ? pair.first : pair.second; };
  const std::int64_t width = of(b.width), n = y.length(axis);
  Shape shape = y.shape();
  shape[axis] = width;
  if (mode == PadMode::constant) return Array::full(shape, of(b.constant), y.dtype());
  if (mode == PadMode::linear_ramp) {
    const Array edge = y.slice(axis, before ? 0 : n - 1, 1);
    // How many steps each element is from the outermost one.
    Array steps = Array::arange(width);
    if (!before && width > 0) steps = steps.slice(0, width - 1, width, -1);
    const Array step = (edge - of(b.end)) / static_cast<double>(std::max<std::int64_t>(width, 1));
    return along_axis(steps, axis, y.ndim(), y.dtype()) * step + of(b.end);
  }
  const std::int64_t length = std::min(of(b.stat_length), n);
  const Array part = y.slice(axis, before ? 0 : n - length, length);
  const Array value = mode == PadMode::maximum   ? array::max(part, axis, true)
                      : mode == PadMode::minimum ? array::min(part, axis, true)
                      : mode == PadMode::mean    ? array::mean(part, axis, true)
                                                 : array::median(part, axis, true);
  return value.broadcast_to(shape);
}

class Pad final : public FunctionNode {
 public:
  Pad(std::vector<Borders> borders, PadMode mode, ReflectType reflect_type)
      : borders_(std::move(borders)), mode_(mode), reflect_type_(reflect_type) {}

 private:
  std::string_view name() const override { return "pad"; }
  std::string label() const override { return "Pad"; }
  Attributes attributes() const override {
    Attributes all{{"pad_width", flat(borders_, &Borders::width)}, {"mode", text(mode_)}};
    if (const auto same = one_constant())
      all.add({"constant_values", *same});
    else
      all.add({"constant_values", flat(borders_, &Borders::constant)});
    if (mode_ == PadMode::linear_ramp) all.add({"end_values", flat(borders_, &Borders::end)});
    if (is_statistic(mode_)) all.add({"stat_length", flat(borders_, &Borders::stat_length)});
    if (reflect_type_ == ReflectType::odd) all.add({"reflect_type", "odd"});
    return all;
  }
  Array forward(const Inputs& x) override {
    if (const auto same = one_constant(); same && mode_ == PadMode::constant) {
      Shape shape = x[0].shape();
      for (int axis = 0; axis < shape.ndim(); ++axis) {
        const auto [before, after] = width(axis);
        shape[axis] += before + after;
      }
      Array y = Array::full(shape, *same, x[0].dtype());
      array::get_item(y, inner(x[0].shape())).assign(x[0]);
      return y;
    }
    Array y = x[0];
    for (int axis = 0; axis < y.ndim(); ++axis) {
      const Borders& b = borders_[static_cast<std::size_t>(axis)];
      if (b.width.first + b.width.second == 0) continue;
      const bool made =
          mode_ == PadMode::constant || mode_ == PadMode::linear_ramp || is_statistic(mode_);
      y = made ? array::concat(
                     Arrays{border(y, axis, mode_, b, true), y, border(y, axis, mode_, b, false)},
                     axis)
               : reflected(y, axis, mode_, reflect_type_, b.width);
    }
    return may_share_memory(y, x[0]) ? y.copy() : y;
  }
  Grads backward(const Variable& gy) override { return {get_item(gy, inner(input_shape(0)))}; }

  PadWidth::Pair width(int axis) const { return borders_[static_cast<std::size_t>(axis)].width; }
  // What all borders are filled with, if that is one number.
  std::optional<double> one_constant() const {
    const double first = borders_.empty() ? 0 : borders_[0].constant.first;
    for (const Borders& b : borders_)
      if (b.constant != PadValue::Pair(first, first)) return {};
    return first;
  }
  template <class T>
  static std::vector<T> flat(const std::vector<Borders>& borders,
                             std::pair<T, T> Borders::*member) {
    std::vector<T> all;
    for (const Borders& b : borders) all.insert(all.end(), {(b.*member).first, (b.*member).second});
    return all;
  }
  Indices inner(const Shape& shape) const {
    std::vector<Index> items;
    for (int axis = 0; axis < shape.ndim(); ++axis) {
      const std::int64_t before = width(axis).first;
      items.emplace_back(Slice(before, before + shape[axis]));
    }
    return Indices(items);
  }

  std::vector<Borders> borders_;
  PadMode mode_;
  ReflectType reflect_type_;
};

// A pair for each axis of x.
template <class T>
std::vector<typename PerBorder<T>::Pair> for_each_axis(const Variable& x, const PerBorder<T>& given,
                                                       std::string_view argument) {
  std::vector<typename PerBorder<T>::Pair> pairs = given.pairs();
  const auto ndim = static_cast<std::size_t>(x.ndim());
  if (pairs.size() == 1) pairs.resize(ndim, pairs[0]);
  if (pairs.size() != ndim)
    Check("pad", {{"x", x}})
        .fail(fmt::format("{} must be one pair, or one for each axis", argument));
  return pairs;
}

}  // namespace

Variable pad(const Variable& x, const PadWidth& pad_width, PadMode mode, const PadOptions& o) {
  const bool computes =
      mode == PadMode::linear_ramp || is_statistic(mode) || o.reflect_type == ReflectType::odd;
  Check("pad", {{"x", x}})
      .that(is_float(x.dtype()) || !computes, "x must be float32 or float64 in this mode");
  const auto widths = for_each_axis(x, pad_width, "pad_width"),
             lengths = for_each_axis(x, o.stat_length.value_or(std::int64_t{1}), "stat_length");
  const auto constants = for_each_axis(x, o.constant_values, "constant_values"),
             ends = for_each_axis(x, o.end_values, "end_values");
  std::vector<Borders> borders;
  for (int axis = 0; axis < x.ndim(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const auto [before, after] = widths[i];
    if (before < 0 || after < 0)
      throw Error(fmt::format("pad: no width may be negative, but axis {} has {} and {}", axis,
                              before, after));
    if (lengths[i].first < 1 || lengths[i].second < 1)
      throw Error(fmt::format("pad: each stat_length must be at least 1, but axis {} has {} and {}",
                              axis, lengths[i].first, lengths[i].second));
    length_sum("pad", length_sum("pad", before, after), x.length(axis));
    if (mode != PadMode::constant && before + after > 0 && x.length(axis) == 0)
      Check("pad", {{"x", x}}).fail(fmt::format("axis {} must have an element to pad with", axis));
    const PadWidth::Pair whole(x.length(axis), x.length(axis));
    borders.push_back({widths[i], constants[i], ends[i], o.stat_length ? lengths[i] : whole});
  }
  return apply<Pad>({x}, std::move(borders), mode, o.reflect_type);
}

}  // namespace autograd::inline functions
