#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/base/dtype.h"
#include "autograd/base/shape.h"
#include "autograd/memory/live.h"
#include "autograd/memory/ref.h"

namespace autograd {

class Constant;
class Indices;

// Keeps foreign memory alive that arrays use.
class Owner : public Counted {
 public:
  virtual ~Owner() = default;
};

// A block of memory that arrays share.
class Storage : public Counted, public Live<Storage> {
 public:
  explicit Storage(std::size_t bytes);
  // Uses memory that `owner` keeps alive; see Array::adopt().
  Storage(void* memory, std::size_t bytes, bool read_only, Ref<Owner> owner);
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  std::byte* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  bool is_read_only() const { return read_only_; }

  // Counts how often the block was opened for writing. A function that keeps an array for its
  // backward pass compares the counts, and so detects that the array was overwritten in between.
  std::uint64_t version() const { return version_.load(std::memory_order_relaxed); }
  // Every write begins here. Throws Error if the memory is read-only. Not one atomic increment: if
  // two threads write at once, a single count for both is enough.
  void open_for_writing() {
    if (read_only_) [[unlikely]]
      fail_on_read_only();
    version_.store(version() + 1, std::memory_order_relaxed);
  }

 private:
  [[noreturn]] static void fail_on_read_only();

  // Arrays of up to this many bytes are stored in the object itself.
  static constexpr std::size_t kInside = 16;

  std::byte* data_;
  std::size_t bytes_;
  std::atomic<std::uint64_t> version_{0};
  bool read_only_ = false;
  Ref<Owner> owner_;  // null: the storage owns the block
  alignas(16) std::byte inside_[kInside];
};

// An n-dimensional array of numbers, like NumPy's ndarray: a handle to a storage with an offset, a
// shape, strides and a dtype. Copying an Array copies the handle; copy() copies the numbers. Views
// (reshape, transpose, slice, broadcast_to) share the storage; a broadcast axis has stride 0. A
// view with overlapping elements, such as a broadcast one, is read-only: writing to it is an Error.
class Array {
 public:
  // An empty handle, like Python's None: `if (array)` is false. Any other use of it is an Error.
  Array() = default;
  explicit operator bool() const { return static_cast<bool>(storage_); }

  // Uninitialised. Throws Error if a length is negative or memory does not suffice.
  static Array empty(const Shape& shape, Dtype dtype);
  static Array zeros(const Shape& shape, Dtype dtype);
  static Array ones(const Shape& shape, Dtype dtype) { return full(shape, 1, dtype); }
  static Array full(const Shape& shape, double value, Dtype dtype);
  // With a's shape and dtype.
  static Array zeros_like(const Array& a) { return zeros(a.shape(), a.dtype()); }
  static Array ones_like(const Array& a) { return ones(a.shape(), a.dtype()); }
  static Array full_like(const Array& a, double value) { return full(a.shape(), value, a.dtype()); }
  static Array arange(std::int64_t n, Dtype dtype = Dtype::int64);
  // A copy of `values` in C order: Array::of({1.f, 2.f, 3.f}), Array::of<float>({1, 2, 3, 4}, {2,
  // 2}).
  template <class T>
  static Array of(std::initializer_list<T> values, std::optional<Shape> shape = {}) {
    return from(std::span<const T>(values.begin(), values.size()), shape);
  }
  template <class T>
  static Array from(std::span<const T> values, std::optional<Shape> shape = {});
  // From a std::vector or a std::array.
  template <class R>
  requires requires(const R& values) { std::span(values); }
  static Array from(const R& values, std::optional<Shape> shape = {}) {
    return from(std::span<const typename R::value_type>(values), shape);
  }
  template <class T>
  static Array scalar(T value) {
    return from(std::span<const T>(&value, 1), Shape{});
  }
  // Uses existing memory in C order, without a copy. `owner` is an object that keeps the memory
  // alive, such as a shared pointer or a mapped file. It is held as long as an array uses the
  // memory. An array of const memory is read-only: writing to it is an Error.
  //
  //   auto pixels = std::make_shared<std::vector<float>>(784);
  //   Array image = Array::adopt(pixels->data(), {28, 28}, pixels);
  template <class T, class Keeper>
  static Array adopt(T* memory, const Shape& shape, Keeper owner) {
    struct Held final : Owner {
      explicit Held(Keeper keeper) : kept(std::move(keeper)) {}
      Keeper kept;
    };
    using Element = std::remove_const_t<T>;
    return adopt(const_cast<Element*>(memory), shape, dtype_of<Element>, std::is_const_v<T>,
                 make_ref<Held>(std::move(owner)));
  }
  static Array adopt(void* memory, const Shape& shape, Dtype dtype, bool read_only,
                     Ref<Owner> owner);

  // Returns this array, so that templates can call x.array() on an Array or a Variable.
  const Array& array() const& { return *this; }
  Array array() const&& { return *this; }

  // Called on a temporary, the accessors return by value.
  const Shape& shape() const& { return some().shape_; }
  Shape shape() const&& { return some().shape_; }
  const Shape& strides() const& { return some().strides_; }  // in elements
  Shape strides() const&& { return some().strides_; }
  Dtype dtype() const { return some().dtype_; }
  int ndim() const { return some().shape_.ndim(); }
  std::int64_t size() const { return some().shape_.elements(); }
  // A negative axis counts from the end.
  std::int64_t length(int axis) const { return some().shape_[axis]; }
  // Whether the elements lie one after another in C order.
  bool is_contiguous() const { return some().shape_.empty() || is_in_c_order(); }

  // A pointer to the elements of a contiguous array. Throws Error if the array is not contiguous
  // (see contiguous()) or T is not its dtype. Write through mutable_data(), which also counts the
  // write (Storage::version()). The memory lives as long as some array refers to it: the pointer
  // that x.grad().data() returns may dangle after the statement, because x.grad() is a temporary.
  template <class T>
  const T* data() const {
    require(dtype_of<T>);
    require_contiguous();
    return static_cast<const T*>(raw());
  }
  template <class T>
  T* mutable_data() {
    require(dtype_of<T>);
    require_contiguous();
    some().storage_->open_for_writing();
    return static_cast<T*>(place());
  }
  // A pointer to the first element, for code that uses the strides itself. Does not require a
  // contiguous array.
  template <class T>
  const T* strided_data() const {
    require(dtype_of<T>);
    return static_cast<const T*>(raw());
  }
  template <class T>
  T* mutable_strided_data() {
    require(dtype_of<T>);
    return static_cast<T*>(mutable_raw());
  }
  const void* raw() const { return some().place(); }
  void* mutable_raw() {
    if (!is_contiguous()) require_writable();
    storage_->open_for_writing();
    return place();
  }

  // The only element of an array of size 1, as a double.
  double item() const;
  // All elements in C order, converted.
  template <class T>
  std::vector<T> to_vector() const;

  // The same elements in another shape; one length may be -1, and is then computed. A view if the
  // layout allows it, else a copy.
  Array reshape(const Shape& shape) const;
  Array flatten() const { return reshape({-1}); }
  // The axes in another order, which must list all of them; by default reversed. A view.
  Array transpose(const Axes& axes = std::nullopt) const;
  Array swapaxes(int a, int b) const;
  // Repeats axes of length 1, and adds leading axes, by NumPy's rule. A read-only view.
  Array broadcast_to(const Shape& shape) const;
  // The `count` elements start, start + step, ... along one axis. Throws unless all of them exist
  // and step is not 0; with count 0, start may equal the axis's length. A view.
  Array slice(int axis, std::int64_t start, std::int64_t count, std::int64_t step = 1) const;
  // Element `index` along an axis, which is removed. A negative index counts from the end. A view.
  Array select(int axis, std::int64_t index) const;
  // NumPy's a[indices] (autograd/array/index.h). Without index arrays a view, so that a[1].fill(0)
  // changes a; with them a copy.
  Array operator[](const Indices& indices) const;
  Array expand_dims(int axis) const;
  Array squeeze(int axis) const;
  // A view with any strides (in elements) and any offset from this array's first element. All of
  // its elements must lie within the storage.
  Array as_strided(const Shape& shape, const Shape& strides, std::int64_t offset = 0) const;

  Array copy() const;               // always fresh memory, C order
  Array contiguous() const;         // itself if is_contiguous(), else a copy
  Array astype(Dtype dtype) const;  // itself if it has that dtype, else a converted copy
  // Overwrites the elements with those of `source`, converted and broadcast. If both share memory,
  // the result is as if `source` were copied first.
  void assign(const Array& source);
  void fill(double value);

  const Ref<Storage>& storage() const& { return some().storage_; }
  Ref<Storage> storage() const&& { return some().storage_; }
  std::int64_t offset() const { return some().offset_; }  // of the first element, in elements

  // Lets a function with a `const Variable&` parameter take an array, as a constant. This is the
  // only implicit conversion from an array to a variable (graph/variable.h).
  operator const Constant() const;  // NOLINT(google-explicit-constructor)

 private:
  Array(Ref<Storage> storage, const Shape& shape, Dtype dtype)
      : storage_(std::move(storage)), shape_(shape), dtype_(dtype) {}

  const Array& some() const {
    if (!storage_) [[unlikely]]
      fail_on_none();
    return *this;
  }
  void require(Dtype dtype) const {
    if (dtype != dtype_) [[unlikely]]
      fail_on_dtype(dtype);
  }
  void require_contiguous() const {
    if (!is_contiguous()) [[unlikely]]
      fail_on_strides();
  }
  bool is_in_c_order() const;
  void require_writable() const;
  [[noreturn]] static void fail_on_none();
  [[noreturn]] void fail_on_dtype(Dtype dtype) const;
  [[noreturn]] void fail_on_strides() const;

  void* place() const {
    return storage_->data() + offset_ * static_cast<std::int64_t>(item_size(dtype_));
  }
  // A view without a check: the caller guarantees that it lies within the storage.
  Array view(const Shape& shape, const Shape& strides, std::int64_t offset = 0) const;

  Ref<Storage> storage_;
  std::int64_t offset_ = 0;
  Shape shape_, strides_;
  Dtype dtype_ = Dtype::float32;
};

using Arrays = std::vector<Array>;

// "float32(100, 784)", for messages.
std::string describe(const Array& a);

// Whether the memory ranges from first to last element overlap. True does not imply that the arrays
// share an element: strided views may interleave (numpy.may_share_memory).
bool may_share_memory(const Array& a, const Array& b);
// Whether both are the same view of the same memory.
bool same_view(const Array& a, const Array& b);

// Whether both have one dtype, one shape and equal elements (NaN equals nothing).
bool array_equal(const Array& a, const Array& b);

}  // namespace autograd
