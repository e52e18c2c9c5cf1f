#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "autograd/base/error.h"

namespace autograd {

// The greatest number of axes of an array.
inline constexpr int kMaxDims = 8;

// A short list of integers without heap memory: the lengths of an array's axes, or its strides.
// Elements beyond the last are neither initialised nor copied, because every copy of an array
// copies two Shapes.
class Shape {
 public:
  Shape() noexcept {}  // not = default, which would fill dims_ with zeros
  Shape(const Shape& other) noexcept { *this = other; }
  // Copying itself changes nothing.
  Shape& operator=(const Shape& other) noexcept {  // NOLINT(bugprone-unhandled-self-assignment)
    ndim_ = other.ndim_;
    for (int i = 0; i < ndim_; ++i) dims_[i] = other.dims_[i];
    return *this;
  }
  Shape(std::initializer_list<std::int64_t> dims) : Shape(std::span(dims.begin(), dims.size())) {}
  explicit Shape(std::span<const std::int64_t> dims);
  static Shape filled(int ndim, std::int64_t value);

  int ndim() const { return ndim_; }
  bool empty() const { return ndim_ == 0; }
  // A negative axis counts from the end, here and in the functions below. Throws Error if there is
  // no such axis. Access through begin() and end() is not checked.
  std::int64_t operator[](int axis) const { return dims_[place(axis)]; }
  std::int64_t& operator[](int axis) { return dims_[place(axis)]; }
  std::int64_t back() const { return (*this)[-1]; }
  const std::int64_t* begin() const { return dims_; }
  const std::int64_t* end() const { return dims_ + ndim_; }
  std::int64_t* begin() { return dims_; }
  std::int64_t* end() { return dims_ + ndim_; }

  // Product of the lengths: the number of elements; 1 for a scalar. Throws Error if it does not fit
  // into an int64.
  std::int64_t elements() const {
    std::int64_t n = 1;
    for (int i = 0; i < ndim_; ++i)
      if (__builtin_mul_overflow(n, dims_[i], &n)) [[unlikely]]
        return elements_of_many();
    return n;
  }

  void push_back(std::int64_t length);
  // Inserts an axis that becomes axis `axis` of the result: -1 appends it.
  void insert(int axis, std::int64_t length);
  void erase(int axis);
  // The axes [first, last), 0 <= first <= last <= ndim(); both count from the front.
  Shape slice(int first, int last) const;

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.ndim_ != b.ndim_) return false;
    for (int i = 0; i < a.ndim_; ++i)
      if (a.dims_[i] != b.dims_[i]) return false;
    return true;
  }

 private:
  int place(int axis) const {
    if (static_cast<unsigned>(axis) < static_cast<unsigned>(ndim_)) [[likely]]
      return axis;
    return place_from_end(axis);
  }
  int place_from_end(int axis) const;
  std::int64_t elements_of_many() const;

  int ndim_ = 0;
  std::int64_t dims_[kMaxDims];
};

// "(100, 784)", "(5)", "()".
std::string to_string(const Shape& shape);

// Strides, in elements, of a contiguous array in C order. Throws Error if a stride does not fit
// into an int64.
Shape contiguous_strides(const Shape& shape);

// The shape that `a` and `b` broadcast to by NumPy's rule. Throws if they cannot be broadcast.
Shape broadcast_shapes(const Shape& a, const Shape& b);

// Lengths along the height and the width: 3, or {3, 2}.
struct HeightWidth {
  // NOLINTNEXTLINE(google-explicit-constructor)
  HeightWidth(std::int64_t both) : height(both), width(both) {}
  HeightWidth(std::int64_t h, std::int64_t w) : height(h), width(w) {}

  // [0] is the height and [1] the width, as in Python's tuple. Throws Error for any other index.
  std::int64_t operator[](int axis) const {
    if (static_cast<unsigned>(axis) > 1) [[unlikely]]
      fail(axis);
    return axis == 0 ? height : width;
  }
  friend bool operator==(const HeightWidth&, const HeightWidth&) = default;

  std::int64_t height, width;

 private:
  [[noreturn]] static void fail(int axis);
};

// The last two lengths of images or filters: (n, channels, height, width).
inline HeightWidth height_width(const Shape& images) { return {images[2], images[3]}; }

// Lengths along the axes of an image with any number of axes: 3 for all axes, or {3, 2, 4}.
class PerAxis {
 public:
  PerAxis(std::int64_t all) : lengths_{all}, alike_(true) {}  // NOLINT(google-explicit-constructor)
  template <std::integral... More>
  PerAxis(std::int64_t first, std::int64_t second, More... more)
      : lengths_{first, second, static_cast<std::int64_t>(more)...} {}
  explicit PerAxis(const Shape& lengths) : lengths_(lengths) {}

  // The length along an axis. Throws if lengths were listed and the axis is not among them.
  std::int64_t operator[](int axis) const { return lengths_[alike_ ? 0 : axis]; }
  // The lengths along `ndim` axes. Throws `op: argument ...` if the number of listed lengths is not
  // `ndim`.
  Shape along(int ndim, std::string_view op, std::string_view argument) const;

 private:
  Shape lengths_;
  bool alike_ = false;
};

// Converts a negative axis, counted from the end, to the same axis counted from the start. Throws
// `op: ...` if there is no such axis.
int normalize_axis(std::string_view op, int axis, int ndim);

// The axes a reduction runs over.
//   sum(x, 1), sum(x, {0, -1})      axis=1, axis=(0, -1)
//   sum(x), sum(x, std::nullopt)    axis=None: all axes
//   sum(x, {})                      axis=(): no axis, so that each element is its own sum
// There is no default constructor: with one, `{}` would call it instead of meaning the empty list.
class Axes {
 public:
  Axes(std::nullopt_t) : all_(true) {}  // NOLINT(google-explicit-constructor)
  // NOLINTNEXTLINE(google-explicit-constructor): sum(x, 1) reads as Chainer's
  Axes(int axis) : Axes({axis}) {}
  Axes(std::initializer_list<int> axes) : Axes(std::span(axes.begin(), axes.size())) {}
  explicit Axes(std::span<const int> axes);

  // Whether this stands for all axes, whatever their number; the list is empty then.
  bool all() const { return all_; }
  int size() const { return count_; }
  const int* begin() const { return axes_; }
  const int* end() const { return axes_ + count_; }

  // For each axis of an array with `ndim` axes, whether it is in this list. Throws if a listed axis
  // does not exist or is listed twice.
  struct Flags {
    bool at[kMaxDims] = {};
    bool operator[](int axis) const {
      if (static_cast<unsigned>(axis) >= static_cast<unsigned>(kMaxDims)) [[unlikely]]
        fail(axis);
      return at[axis];
    }

   private:
    [[noreturn]] static void fail(int axis);
  };
  Flags flags(std::string_view op, int ndim) const;

 private:
  int axes_[kMaxDims] = {};
  int count_ = 0;
  bool all_ = false;
};

// `shape` without the flagged axes, or with length 1 in their place if keepdims.
Shape reduced_shape(const Shape& shape, const Axes::Flags& reduced, bool keepdims);

}  // namespace autograd
