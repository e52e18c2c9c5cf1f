#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>

#include "autograd/memory/nodes.h"

namespace autograd {

// A vector whose first N elements lie in the object itself: for lists that are hardly ever longer.
template <class T, std::uint32_t N>
class SmallVector {
 public:
  SmallVector() noexcept {}  // NOLINT(modernize-use-equals-default): the elements are not there yet
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
      return *std::construct_at(data() + size_++, std::move(value));
    }
    return *std::construct_at(data() + size_++, std::forward<A>(arguments)...);
  }
  void push_back(const T& value) { emplace_back(value); }
  void push_back(T&& value) { emplace_back(std::move(value)); }
  void clear() noexcept {
    std::destroy_n(data(), size_);
    size_ = 0;
  }
  void reserve(std::size_t n) {
    if (n <= capacity_) return;
    T* moved = nodes::Allocator<T>().allocate(n);
    std::uninitialized_move_n(data(), size_, moved);
    std::destroy_n(data(), size_);
    free_memory();
    outside_ = moved;
    capacity_ = static_cast<std::uint32_t>(n);
  }

 private:
  // Leaves capacity_ stale.
  void free_memory() noexcept {
    if (capacity_ > N) nodes::Allocator<T>().deallocate(outside_, capacity_);
  }
  // The other's elements; this has none, and no memory of its own.
  void take(SmallVector& other) noexcept {
    if (other.capacity_ > N) {
      outside_ = other.outside_;
    } else {
      std::uninitialized_move_n(other.data(), other.size_, reinterpret_cast<T*>(inside_));
      std::destroy_n(other.data(), other.size_);
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
