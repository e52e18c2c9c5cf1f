#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>

#include "autograd/base/pool.h"

namespace autograd {

// A vector whose first N elements lie in the object itself: for lists that are hardly ever longer.
template <class T, std::uint32_t N>
class SmallVector {
 public:
  SmallVector() = default;
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
  T* data() { return data_; }
  const T* data() const { return data_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }

  template <class... A>
  T& emplace_back(A&&... arguments) {
    if (size_ == capacity_) {  // an argument may lie in here
      T value(std::forward<A>(arguments)...);
      reserve(std::size_t{2} * capacity_ + 1);
      return *std::construct_at(data_ + size_++, std::move(value));
    }
    return *std::construct_at(data_ + size_++, std::forward<A>(arguments)...);
  }
  void push_back(const T& value) { emplace_back(value); }
  void push_back(T&& value) { emplace_back(std::move(value)); }
  void clear() noexcept {
    std::destroy_n(data_, size_);
    size_ = 0;
  }
  void reserve(std::size_t n) {
    if (n <= capacity_) return;
    T* moved = pool::Allocator<T>().allocate(n);
    std::uninitialized_move_n(data_, size_, moved);
    std::destroy_n(data_, size_);
    free_memory();
    data_ = moved;
    capacity_ = static_cast<std::uint32_t>(n);
  }

 private:
  T* inside() { return reinterpret_cast<T*>(inside_); }
  // Leaves data_ and capacity_ stale.
  void free_memory() noexcept {
    if (data_ != inside()) pool::Allocator<T>().deallocate(data_, capacity_);
  }
  // The other's elements; this has none, and no memory of its own.
  void take(SmallVector& other) noexcept {
    size_ = std::exchange(other.size_, 0);
    if (other.data_ == other.inside()) {
      data_ = inside();
      capacity_ = N;
      std::uninitialized_move_n(other.data_, size_, data_);
      std::destroy_n(other.data_, size_);
    } else {
      data_ = std::exchange(other.data_, other.inside());
      capacity_ = std::exchange(other.capacity_, N);
    }
  }

  T* data_ = inside();
  std::uint32_t size_ = 0, capacity_ = N;
  alignas(T) std::byte inside_[N * sizeof(T)];
};

}  // namespace autograd
