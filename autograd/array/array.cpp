#include "autograd/array/array.h"

#include <fmt/format.h>

#include <cstring>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"
#include "autograd/base/memory.h"
#include "autograd/base/pool.h"

namespace autograd {

Storage::Storage(std::size_t bytes)
    : data_(bytes <= kInside ? inside_ : static_cast<std::byte*>(memory::allocate(bytes))),
      bytes_(bytes) {}
Storage::~Storage() {
  if (data_ != inside_) memory::release(data_, bytes_);
}

Array Array::empty(const Shape& shape, Dtype dtype) {
  for (std::int64_t n : shape)
    if (n < 0)
      throw Error(fmt::format("array: no axis may be shorter than 0, but the shape is {}",
                              to_string(shape)));
  const auto bytes = static_cast<std::size_t>(shape.elements()) * item_size(dtype);
  Array a(pool::make_shared<Storage>(bytes), shape, dtype);
  a.strides_ = contiguous_strides(shape);
  return a;
}

Array Array::zeros(const Shape& shape, Dtype dtype) {
  Array a = empty(shape, dtype);
  std::memset(a.mutable_raw(), 0, a.storage_->bytes());
  return a;
}

Array Array::full(const Shape& shape, double value, Dtype dtype) {
  Array a = empty(shape, dtype);
  a.fill(value);
  return a;
}

Array Array::arange(std::int64_t n, Dtype dtype) {
  Array a = empty({n}, dtype);
  visit(dtype, [&]<class T>(std::type_identity<T>) {
    T* p = a.mutable_data<T>();
    for (std::int64_t i = 0; i < n; ++i) p[i] = static_cast<T>(i);
  });
  return a;
}

template <class T>
Array Array::from(std::span<const T> values, std::optional<Shape> shape) {
  const Shape s = shape.value_or(Shape{static_cast<std::int64_t>(values.size())});
  if (s.elements() != static_cast<std::int64_t>(values.size()))
    throw Error(
        fmt::format("array: the shape must hold as many elements as are given, but the shape is {} "
                    "and {} are given",
                    to_string(s), values.size()));
  Array a = empty(s, dtype_of<T>);
  T* p = a.mutable_data<T>();
  for (const T& v : values) *p++ = v;
  return a;
}
template Array Array::from(std::span<const bool>, std::optional<Shape>);
template Array Array::from(std::span<const std::uint8_t>, std::optional<Shape>);
template Array Array::from(std::span<const std::int32_t>, std::optional<Shape>);
template Array Array::from(std::span<const std::int64_t>, std::optional<Shape>);
template Array Array::from(std::span<const float>, std::optional<Shape>);
template Array Array::from(std::span<const double>, std::optional<Shape>);

bool Array::is_contiguous() const {
  std::int64_t expected = 1;
  for (int i = ndim() - 1; i >= 0; --i) {
    if (shape_[i] == 0) return true;
    if (shape_[i] != 1 && strides_[i] != expected) return false;
    expected *= shape_[i];
  }
  return true;
}

void Array::fail_on_dtype(Dtype dtype) const {
  throw Error(
      fmt::format("array: data() must be asked for the array's own type, but the array is {} and "
                  "{} was asked for",
                  describe(*this), name(dtype)));
}

double Array::item() const {
  if (size() != 1)
    throw Error(
        fmt::format("item: the array must have one element, but it is {}", describe(*this)));
  return visit(dtype_,
               [&]<class T>(std::type_identity<T>) { return static_cast<double>(*data<T>()); });
}

template <class T>
std::vector<T> Array::to_vector() const {
  const Array a = astype(dtype_of<T>).contiguous();
  const T* p = a.data<T>();
  return std::vector<T>(p, p + a.size());
}
template std::vector<bool> Array::to_vector() const;
template std::vector<std::uint8_t> Array::to_vector() const;
template std::vector<std::int32_t> Array::to_vector() const;
template std::vector<std::int64_t> Array::to_vector() const;
template std::vector<float> Array::to_vector() const;
template std::vector<double> Array::to_vector() const;

Array Array::as_strided(const Shape& shape, const Shape& strides, std::int64_t offset) const {
  Array a = *this;
  a.shape_ = shape;
  a.strides_ = strides;
  a.offset_ += offset;
  return a;
}

Array Array::reshape(const Shape& wanted) const {
  Shape shape = wanted;
  int unknown = -1;
  std::int64_t known = 1;
  for (int i = 0; i < shape.ndim(); ++i) {
    if (shape[i] == -1 && unknown < 0)
      unknown = i;
    else
      known *= shape[i];
  }
  if (unknown >= 0 && known > 0 && size() % known == 0) shape[unknown] = size() / known;
  if (shape.elements() != size() || (unknown >= 0 && shape[unknown] < 0))
    Check("reshape", {{"x", *this}})
        .fail(fmt::format("the shape {} must hold as many elements as x", to_string(wanted)));
  return contiguous().as_strided(shape, contiguous_strides(shape));
}

Array Array::transpose(const Axes& axes) const {
  if (!axes.all() && axes.size() != ndim())
    Check("transpose", {{"x", *this}})
        .fail(fmt::format("as many axes must be named as x has, which {} are not", axes.size()));
  axes.flags("transpose", ndim());
  Shape shape = shape_, strides = strides_;
  for (int i = 0; i < ndim(); ++i) {
    const int from =
        axes.all() ? ndim() - 1 - i : normalize_axis("transpose", axes.begin()[i], ndim());
    shape[i] = shape_[from];
    strides[i] = strides_[from];
  }
  return as_strided(shape, strides);
}

Array Array::swapaxes(int a, int b) const {
  a = normalize_axis("swapaxes", a, ndim());
  b = normalize_axis("swapaxes", b, ndim());
  Shape shape = shape_, strides = strides_;
  std::swap(shape[a], shape[b]);
  std::swap(strides[a], strides[b]);
  return as_strided(shape, strides);
}

Array Array::broadcast_to(const Shape& shape) const {
  if (shape == shape_) return *this;
  const int added = shape.ndim() - ndim();
  Shape strides = Shape::filled(shape.ndim(), 0);
  bool fits = added >= 0;
  for (int i = 0; fits && i < ndim(); ++i) {
    fits = shape_[i] == shape[i + added] || shape_[i] == 1;
    if (shape_[i] == shape[i + added]) strides[i + added] = strides_[i];
  }
  if (!fits)
    Check("broadcast_to", {{"x", *this}})
        .fail(fmt::format("x must broadcast to the shape {}", to_string(shape)));
  return as_strided(shape, strides);
}

Array Array::slice(int axis, std::int64_t start, std::int64_t count, std::int64_t step) const {
  axis = normalize_axis("slice", axis, ndim());
  Shape shape = shape_, strides = strides_;
  shape[axis] = count;
  strides[axis] *= step;
  return as_strided(shape, strides, count > 0 ? start * strides_[axis] : 0);
}

Array Array::select(int axis, std::int64_t index) const {
  axis = normalize_axis("select", axis, ndim());
  if (index < -shape_[axis] || index >= shape_[axis])
    Check("select", {{"x", *this}})
        .fail(fmt::format("index {} must lie within axis {}", index, axis));
  if (index < 0) index += shape_[axis];
  Shape shape = shape_, strides = strides_;
  shape.erase(axis);
  strides.erase(axis);
  return as_strided(shape, strides, index * strides_[axis]);
}

Array Array::expand_dims(int axis) const {
  axis = normalize_axis("expand_dims", axis, ndim() + 1);
  Shape shape = shape_, strides = strides_;
  shape.insert(axis, 1);
  strides.insert(axis, 1);
  return as_strided(shape, strides);
}

Array Array::squeeze(int axis) const {
  axis = normalize_axis("squeeze", axis, ndim());
  if (shape_[axis] != 1)
    Check("squeeze", {{"x", *this}}).fail(fmt::format("axis {} must have length 1", axis));
  Shape shape = shape_, strides = strides_;
  shape.erase(axis);
  strides.erase(axis);
  return as_strided(shape, strides);
}

Array Array::copy() const {
  Array y = empty(shape_, dtype_);
  y.assign(*this);
  return y;
}

Array Array::contiguous() const { return is_contiguous() ? *this : copy(); }

Array Array::astype(Dtype dtype) const {
  if (dtype == dtype_) return *this;
  Array y = empty(shape_, dtype);
  y.assign(*this);
  return y;
}

std::string describe(const Array& a) {
  return fmt::format("{}{}", name(a.dtype()), to_string(a.shape()));
}

bool array_equal(const Array& a, const Array& b) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape()) return false;
  const Array ca = a.contiguous(), cb = b.contiguous();
  return visit(a.dtype(), [&]<class T>(std::type_identity<T>) {
    const T *p = ca.data<T>(), *q = cb.data<T>();
    for (std::int64_t i = 0; i < ca.size(); ++i)
      if (!(p[i] == q[i])) return false;
    return true;
  });
}

}  // namespace autograd
