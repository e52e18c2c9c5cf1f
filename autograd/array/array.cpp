#include "autograd/array/array.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "autograd/array/launch.h"
#include "autograd/base/check.h"
#include "autograd/memory/blocks.h"
#include "autograd/memory/small_vector.h"

namespace autograd {

Storage::Storage(std::size_t bytes)
    : data_(bytes <= kInside ? inside_ : static_cast<std::byte*>(memory::allocate(bytes))),
      bytes_(bytes) {}
Storage::Storage(void* memory, std::size_t bytes, bool read_only, Ref<Owner> owner)
    : data_(static_cast<std::byte*>(memory)),
      bytes_(bytes),
      read_only_(read_only),
      owner_(std::move(owner)) {}

Storage::~Storage() {
  if (data_ != inside_ && !owner_) memory::release(data_, bytes_);
}

void Storage::fail_on_read_only() {
  throw Error(
      "array: an array that is written to must not be read-only, but this one is (use copy())");
}

static void require_lengths(const Shape& shape) {
  for (std::int64_t n : shape)
    if (n < 0)
      throw Error(fmt::format("array: lengths must not be negative, but the shape is {}",
                              to_string(shape)));
}

[[noreturn]] static void fail_on_memory(const Shape& shape, Dtype dtype) {
  throw Error(
      fmt::format("array: there must be memory for all elements, but there is none for {}{}",
                  name(dtype), to_string(shape)));
}

static std::size_t bytes_of(const Shape& shape, Dtype dtype) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::size_t>(shape.elements()), item_size(dtype), &bytes))
    fail_on_memory(shape, dtype);
  return bytes;
}

static Ref<Storage> storage_of(const Shape& shape, Dtype dtype) try {
  return make_ref<Storage>(bytes_of(shape, dtype));
} catch (const std::bad_alloc&) {
  fail_on_memory(shape, dtype);
}

Array Array::empty(const Shape& shape, Dtype dtype) {
  require_lengths(shape);
  const Shape strides = contiguous_strides(shape);
  Array a(storage_of(shape, dtype), shape, dtype);
  a.strides_ = strides;
  return a;
}

Array Array::zeros(const Shape& shape, Dtype dtype) {
  Array a = empty(shape, dtype);
  std::memset(a.mutable_raw(), 0, a.storage_->bytes());
  return a;
}

Array Array::adopt(void* memory, const Shape& shape, Dtype dtype, bool read_only,
                   Ref<Owner> owner) {
  require_lengths(shape);
  if (memory == nullptr || reinterpret_cast<std::uintptr_t>(memory) % item_size(dtype) != 0)
    throw Error(fmt::format("adopt: memory must be aligned for {}, but it {}", name(dtype),
                            memory == nullptr ? "is null" : "is not aligned"));
  if (!owner) throw Error("adopt: memory must have an owner, but it has none");
  const Shape strides = contiguous_strides(shape);
  Array a(make_ref<Storage>(memory, bytes_of(shape, dtype), read_only, std::move(owner)), shape,
          dtype);
  a.strides_ = strides;
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
        fmt::format("array: the shape must have as many elements as there are values, but the "
                    "shape is {} and there are {} values",
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

bool Array::is_in_c_order() const {
  std::int64_t expected = 1;
  const std::int64_t *lengths = shape_.begin(), *strides = strides_.begin();
  for (int i = shape_.ndim() - 1; i >= 0; --i) {
    if (lengths[i] == 0) return true;
    if (lengths[i] != 1 && strides[i] != expected) return false;
    expected *= lengths[i];
  }
  return true;
}

// Checks each axis in the order of the strides: if steps along all axes with smaller strides cannot
// reach the next element of the axis, no two elements share memory. Slices, transposes and
// diagonals pass this check.
void Array::require_writable() const {
  if (size() == 0) return;
  struct Step {
    std::int64_t stride, length;
  };
  SmallVector<Step, kMaxDims> steps;
  for (int i = 0; i < ndim(); ++i)
    if (shape_[i] > 1) steps.push_back({std::abs(strides_[i]), shape_[i]});
  std::sort(steps.begin(), steps.end(),
            [](const Step& a, const Step& b) { return a.stride < b.stride; });
  std::int64_t reach = 0;
  for (const Step& step : steps) {
    if (step.stride <= reach)
      throw Error(
          fmt::format("array: an array that is written to must have no overlapping elements, but "
                      "{} has the strides {}, like a broadcast view (use copy())",
                      describe(*this), to_string(strides_)));
    reach += step.stride * (step.length - 1);
  }
}

void Array::fail_on_none() {
  throw Error(
      "array: an array must be given, but the handle is empty, as grad() is until a gradient "
      "arrives");
}

void Array::fail_on_strides() const {
  throw Error(
      fmt::format("array: data() requires a contiguous array, but {} has the strides {} (use "
                  "contiguous() or to_vector())",
                  describe(*this), to_string(strides_)));
}

void Array::fail_on_dtype(Dtype dtype) const {
  throw Error(fmt::format(
      "array: data<T>() requires the array's own type as T, but the array is {} and T is {}",
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

Array Array::view(const Shape& shape, const Shape& strides, std::int64_t offset) const {
  Array a = *this;
  a.shape_ = shape;
  a.strides_ = strides;
  a.offset_ += offset;
  return a;
}

Array Array::as_strided(const Shape& shape, const Shape& strides, std::int64_t offset) const {
  require_lengths(shape);
  if (shape.ndim() != strides.ndim())
    Check("as_strided", {{"x", *this}})
        .fail(fmt::format("there must be as many strides as axes, not {} for {}",
                          to_string(strides), to_string(shape)));
  if (shape.elements() == 0) return view(shape, strides);
  // The first and the last element of the view, as offsets in the storage.
  const auto elements = static_cast<std::int64_t>(storage()->bytes() / item_size(dtype_));
  std::int64_t first = 0, last = 0, reach = 0;
  bool within = !__builtin_add_overflow(offset_, offset, &first);
  last = first;
  for (int i = 0; within && i < shape.ndim(); ++i)
    within = !__builtin_mul_overflow(shape[i] - 1, strides[i], &reach) &&
             !__builtin_add_overflow(reach < 0 ? first : last, reach, &(reach < 0 ? first : last));
  if (!within || first < 0 || last >= elements)
    Check("as_strided", {{"x", *this}})
        .fail(fmt::format(
            "the view must lie within x's memory, unlike {} with the strides {} and the offset {}",
            to_string(shape), to_string(strides), offset));
  return view(shape, strides, offset);
}

Array Array::reshape(const Shape& wanted) const {
  Shape shape = wanted;
  const auto fail = [&] {
    Check("reshape", {{"x", *this}})
        .fail(fmt::format("the shape {} must hold as many elements as x", to_string(wanted)));
  };
  int unknown = -1;
  std::int64_t known = 1;
  bool fits = true;
  for (int i = 0; i < shape.ndim(); ++i) {
    if (shape[i] == -1 && unknown < 0)
      unknown = i;
    else
      fits = fits && shape[i] >= 0 && !__builtin_mul_overflow(known, shape[i], &known);
  }
  if (unknown >= 0) {
    if (!fits || known == 0 || size() % known != 0) fail();
    shape[unknown] = size() / known;
  } else if (!fits || known != size()) {
    fail();
  }
  return contiguous().view(shape, contiguous_strides(shape));
}

Array Array::transpose(const Axes& axes) const {
  if (!axes.all() && axes.size() != ndim())
    Check("transpose", {{"x", *this}})
        .fail(fmt::format("all axes of x must be listed, not {} axes", axes.size()));
  axes.flags("transpose", ndim());
  Shape shape = shape_, strides = strides_;
  for (int i = 0; i < ndim(); ++i) {
    const int from =
        axes.all() ? ndim() - 1 - i : normalize_axis("transpose", axes.begin()[i], ndim());
    shape[i] = shape_[from];
    strides[i] = strides_[from];
  }
  return view(shape, strides);
}

Array Array::swapaxes(int a, int b) const {
  a = normalize_axis("swapaxes", a, ndim());
  b = normalize_axis("swapaxes", b, ndim());
  Shape shape = shape_, strides = strides_;
  std::swap(shape[a], shape[b]);
  std::swap(strides[a], strides[b]);
  return view(shape, strides);
}

Array Array::broadcast_to(const Shape& shape) const {
  if (shape == some().shape_) return *this;
  require_lengths(shape);
  static_cast<void>(shape.elements());  // throws an Error if there are too many elements
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
  return view(shape, strides);
}

Array Array::slice(int axis, std::int64_t start, std::int64_t count, std::int64_t step) const {
  axis = normalize_axis("slice", axis, ndim());
  const std::int64_t length = shape_[axis];
  std::int64_t last = 0;
  const bool within = count == 0 ? 0 <= start && start <= length
                                 : count > 0 && 0 <= start && start < length &&
                                       !__builtin_mul_overflow(count - 1, step, &last) &&
                                       !__builtin_add_overflow(last, start, &last) && 0 <= last &&
                                       last < length;
  if (!within || step == 0)
    Check("slice", {{"x", *this}})
        .fail(fmt::format("the slice must lie within axis {} and its step must not be 0, unlike {} "
                          "elements from {} by {}",
                          axis, count, start, step));
  Shape shape = shape_, strides = strides_;
  shape[axis] = count;
  if (count > 1) strides[axis] *= step;
  return view(shape, strides, count > 0 ? start * strides_[axis] : 0);
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
  return view(shape, strides, index * strides_[axis]);
}

Array Array::expand_dims(int axis) const {
  axis = normalize_axis("expand_dims", axis, ndim() + 1);
  Shape shape = shape_, strides = strides_;
  shape.insert(axis, 1);
  strides.insert(axis, 1);
  return view(shape, strides);
}

Array Array::squeeze(int axis) const {
  axis = normalize_axis("squeeze", axis, ndim());
  if (shape_[axis] != 1)
    Check("squeeze", {{"x", *this}}).fail(fmt::format("axis {} must have length 1", axis));
  Shape shape = shape_, strides = strides_;
  shape.erase(axis);
  strides.erase(axis);
  return view(shape, strides);
}

Array Array::copy() const {
  Array y = empty(shape(), dtype_);
  y.assign(*this);
  return y;
}

Array Array::contiguous() const { return is_contiguous() ? *this : copy(); }

Array Array::astype(Dtype dtype) const {
  if (dtype == some().dtype_) return *this;
  Array y = empty(shape_, dtype);
  y.assign(*this);
  return y;
}

std::string describe(const Array& a) {
  return fmt::format("{}{}", name(a.dtype()), to_string(a.shape()));
}

bool may_share_memory(const Array& a, const Array& b) {
  if (a.storage() != b.storage() || a.size() == 0 || b.size() == 0) return false;
  struct Extent {
    explicit Extent(const Array& x) : first(x.offset()), last(first) {
      for (int i = 0; i < x.ndim(); ++i) {
        const std::int64_t reach = (x.length(i) - 1) * x.strides()[i];
        (reach < 0 ? first : last) += reach;
      }
    }
    std::int64_t first, last;
  };
  const Extent of_a(a), of_b(b);
  return of_a.first <= of_b.last && of_b.first <= of_a.last;
}

bool same_view(const Array& a, const Array& b) {
  return a.storage() == b.storage() && a.offset() == b.offset() && a.dtype() == b.dtype() &&
         a.shape() == b.shape() && a.strides() == b.strides();
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
