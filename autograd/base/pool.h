#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

// Small blocks for what a graph is made of. Its nodes come and go by the million; from malloc's
// general lists, and back into them in another order, each costs several times what it costs here.
namespace autograd::pool {

inline constexpr std::size_t kStep = 16, kLargest = 1024;  // bytes; larger blocks come from malloc

// Blocks are cut from slabs of their size class, and kept for reuse: by the thread that gives them
// back, in batches by the others. A slab is never returned to the system.
void* allocate(std::size_t bytes);
void release(void* block, std::size_t bytes) noexcept;

template <class T>
struct Allocator {
  using value_type = T;

  Allocator() = default;
  template <class U>
  Allocator(const Allocator<U>&) {}  // NOLINT(google-explicit-constructor): as the standard asks

  T* allocate(std::size_t n) {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    return static_cast<T*>(pool::allocate(n * sizeof(T)));
  }
  void deallocate(T* p, std::size_t n) noexcept { pool::release(p, n * sizeof(T)); }

  template <class U>
  bool operator==(const Allocator<U>&) const {
    return true;
  }
};

// std::make_shared from here.
template <class T, class... A>
std::shared_ptr<T> make_shared(A&&... arguments) {
  return std::allocate_shared<T>(Allocator<T>(), std::forward<A>(arguments)...);
}

}  // namespace autograd::pool
