#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <new>
#include <utility>

#include "autograd/memory/nodes.h"

namespace autograd {

// A vector that stores up to N elements in the object itself, without heap memory.
template <class T, std::uint32_t N>
class SmallVector {
 public:
  SmallVector() noexcept {}  // not = default: the elements are not there yet
  SmallVector(std::initializer_list<T> values) {
    reserve(values.size());
    for (const T& v : values) push_back(v);
  }
  SmallVector(const SmallVector& other) {
    reserve(other.size());
    for (const T& v : other) push_back(v);
  }
  SmallVector(SmallVector&& other) noexcept { take(other); }
  SmallVector& operator=(SmallVector other) noexcept {
    clear();
    free_memory();
    take(other);
    return *this;
  }
  ~SmallVector() {
    clear();
    free_memory();
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return capacity_ > N ? outside_ : reinterpret_cast<T*>(inside_); }
  const T* data() const { return const_cast<SmallVector*>(this)->data(); }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& back() { return data()[size_ - 1]; }

  template <class... A>
  T& emplace_back(A&&... arguments) {
    if (size_ == capacity_) {  // an argument may lie in here
      T value(std::forward<A>(arguments)...);
      reserve(std::size_t{2} * capacity_ + 1);
      return add([&] { return T(std::move(value)); });
    }
    return add([&] { return T(std::forward<A>(arguments)...); });
  }
  // What make() returns, made in its place.
  template <class F>
  T& emplace_back_from(const F& make) {
    if (size_ == capacity_) reserve(std::size_t{2} * capacity_ + 1);
    return add(make);
  }
  void push_back(const T& value) { emplace_back(value); }
  void push_back(T&& value) { emplace_back(std::move(value)); }
  void clear() noexcept {
    for (T& element : *this) element.~T();
    size_ = 0;
  }
  void reserve(std::size_t n) {
    if (n <= capacity_) return;
    T* moved = nodes::Allocator<T>().allocate(n);
    move_to(moved);
    free_memory();
    outside_ = moved;
    capacity_ = static_cast<std::uint32_t>(n);
  }

 private:
  // There is room.
  template <class F>
  T& add(const F& make) {
    T* const added = new (data() + size_) T(make());
    ++size_;  // after what may throw
    return *added;
  }
  // The elements go to uninitialised memory.
  void move_to(T* place) {
    for (T& element : *this) {
      new (place++) T(std::move(element));
      element.~T();  // NOLINT(bugprone-use-after-move): what was moved from is destroyed
    }
  }
  // Leaves capacity_ stale.
  void free_memory() noexcept {
    if (capacity_ > N) nodes::Allocator<T>().deallocate(outside_, capacity_);
  }
  // Moves the other's elements here. Requires that this vector is empty and has no heap memory.
  void take(SmallVector& other) noexcept {
    if (other.capacity_ > N) {
      outside_ = other.outside_;
    } else {
      other.move_to(reinterpret_cast<T*>(inside_));
    }
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, N);
  }

  std::uint32_t size_ = 0, capacity_ = N;
  union {  // N elements, or where more of them are
    T* outside_;
    alignas(T) std::byte inside_[N * sizeof(T)];
  };
};

}  // namespace autograd
