#include "autograd/base/shape.h"

#include <fmt/format.h>

namespace autograd {

static void require_room(std::int64_t ndim) {
  if (ndim < 0)
    throw Error(fmt::format("shape: a number of axes must not be negative, but it is {}", ndim));
  if (ndim > kMaxDims)
    throw Error(
        fmt::format("shape: an array has at most {} axes, but {} were given", kMaxDims, ndim));
}

Shape::Shape(std::span<const std::int64_t> dims) {
  require_room(std::ssize(dims));
  for (std::int64_t d : dims) dims_[ndim_++] = d;
}

Shape Shape::filled(int ndim, std::int64_t value) {
  require_room(ndim);
  Shape s;
  s.ndim_ = ndim;
  for (auto& d : s) d = value;
  return s;
}

void Shape::push_back(std::int64_t length) { insert(ndim_, length); }

void Shape::insert(int axis, std::int64_t length) {
  require_room(ndim_ + 1);
  axis = normalize_axis("shape", axis, ndim_ + 1);
  for (int i = ndim_; i > axis; --i) dims_[i] = dims_[i - 1];
  dims_[axis] = length;
  ++ndim_;
}

void Shape::erase(int axis) {
  axis = place(axis);
  --ndim_;
  for (int i = axis; i < ndim_; ++i) dims_[i] = dims_[i + 1];
}

Shape Shape::slice(int first, int last) const {
  if (first < 0 || first > last || last > ndim_)
    throw Error(fmt::format("shape: a part must lie within the axes, but it is [{}, {}) of {}",
                            first, last, to_string(*this)));
  return Shape(std::span(begin() + first, begin() + last));
}

int Shape::place_from_end(int axis) const {
  if (ndim_ == 0)
    throw Error(fmt::format("shape: an axis must exist, but axis {} of () was asked for", axis));
  return normalize_axis("shape", axis, ndim_);
}

// An overflow does not matter if a later length is 0.
std::int64_t Shape::elements_of_many() const {
  for (const std::int64_t length : *this)
    if (length == 0) return 0;
  throw Error(fmt::format("shape: the number of elements must be an int64, but the shape is {}",
                          to_string(*this)));
}

std::string to_string(const Shape& shape) {
  std::string s = "(";
  for (int i = 0; i < shape.ndim(); ++i) s += fmt::format("{}{}", i ? ", " : "", shape[i]);
  return s + ")";
}

Shape contiguous_strides(const Shape& shape) {
  Shape strides = Shape::filled(shape.ndim(), 1);
  const std::int64_t* lengths = shape.begin();
  std::int64_t* stride = strides.begin();
  for (int i = shape.ndim() - 2; i >= 0; --i)
    if (__builtin_mul_overflow(stride[i + 1], lengths[i + 1], &stride[i]))
      throw Error(
          fmt::format("shape: strides must be int64, but those of {} are not", to_string(shape)));
  return strides;
}

Shape broadcast_shapes(const Shape& a, const Shape& b) {
  const Shape& longer = a.ndim() >= b.ndim() ? a : b;
  const Shape& shorter = a.ndim() >= b.ndim() ? b : a;
  Shape out = longer;
  const int offset = longer.ndim() - shorter.ndim();
  for (int i = 0; i < shorter.ndim(); ++i) {
    const std::int64_t other = shorter[i];
    std::int64_t& length = out[i + offset];
    if (length == 1) length = other;
    if (other != 1 && other != length)
      throw Error(fmt::format(
          "broadcast: axes must have equal lengths or length 1, but the shapes are {} and {}",
          to_string(a), to_string(b)));
  }
  return out;
}

Shape PerAxis::along(int ndim, std::string_view op, std::string_view argument) const {
  if (alike_) return Shape::filled(ndim, lengths_[0]);
  if (lengths_.ndim() != ndim)
    throw Error(fmt::format("{}: {} must be one number, or one for each of {} axes, but it is {}",
                            op, argument, ndim, to_string(lengths_)));
  return lengths_;
}

void HeightWidth::fail(int axis) {
  throw Error(fmt::format("HeightWidth: an axis must be 0 or 1, but it is {}", axis));
}

int normalize_axis(std::string_view op, int axis, int ndim) {
  require_room(ndim);
  if (axis < -ndim || axis >= ndim)
    throw Error(fmt::format("{}: axis must be in [{}, {}) for an array of {} axes, but it is {}",
                            op, -ndim, ndim, ndim, axis));
  return axis < 0 ? axis + ndim : axis;
}

Axes::Axes(std::span<const int> axes) {
  require_room(std::ssize(axes));
  for (int a : axes) axes_[count_++] = a;
}

void Axes::Flags::fail(int axis) {
  throw Error(fmt::format("axes: an axis must be in [0, {}), but it is {}", kMaxDims, axis));
}

Axes::Flags Axes::flags(std::string_view op, int ndim) const {
  require_room(ndim);
  Flags flags;
  if (all()) {
    for (int i = 0; i < ndim; ++i) flags.at[i] = true;
    return flags;
  }
  for (int a : *this) {
    const int axis = normalize_axis(op, a, ndim);
    if (flags.at[axis])
      throw Error(
          fmt::format("{}: each axis may be named once, but axis {} is named twice", op, axis));
    flags.at[axis] = true;
  }
  return flags;
}

Shape reduced_shape(const Shape& shape, const Axes::Flags& reduced, bool keepdims) {
  Shape out;
  for (int i = 0; i < shape.ndim(); ++i) {
    if (!reduced[i]) out.push_back(shape[i]);
    if (reduced[i] && keepdims) out.push_back(1);
  }
  return out;
}

}  // namespace autograd
