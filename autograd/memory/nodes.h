#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "autograd/memory/sanitizer.h"

// Small blocks for what a graph is made of. Its nodes come and go by the million; from malloc's
// general lists, and back into them in another order, each costs several times what it costs here.
namespace autograd::nodes {

inline constexpr std::size_t kStep = 16, kLargest = 1024;  // bytes; larger blocks come from malloc

// Blocks are cut from slabs of their size class, and kept for reuse: by the thread that gives them
// back, in batches by the others. A slab is never returned to the system.
inline void* allocate(std::size_t bytes);
inline void release(void* block, std::size_t bytes) noexcept;

template <class T>
struct Allocator {
  using value_type = T;

  Allocator() = default;
  template <class U>
  Allocator(const Allocator<U>&) {}  // NOLINT(google-explicit-constructor): as the standard asks

  T* allocate(std::size_t n) {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    return static_cast<T*>(nodes::allocate(n * sizeof(T)));
  }
  void deallocate(T* p, std::size_t n) noexcept { nodes::release(p, n * sizeof(T)); }

  template <class U>
  bool operator==(const Allocator<U>&) const {
    return true;
  }
};

// -------------------------------------------------------------------------------------------------

struct Block {
  Block* next;
  Block* next_list;  // of the first block of a list: the list that lies below it where threads
                     // leave them
};

// Free blocks of one size.
struct List {
  Block* first = nullptr;
  std::int64_t count = 0;  // about how many: of a list that another thread left it is not known

  void push(Block* block) {
    block->next = first;
    first = block;
    ++count;
  }
  Block* pop() {
    Block* block = first;
    first = block->next;
    --count;
    return block;
  }
};

// What a thread has at hand. Inline and without constructor, so that reaching a block costs a few
// instructions and no check.
struct Local {
  List lists[kLargest / kStep];
  // A list this long is drained: 0 until the thread's first block comes back, and at its end.
  std::int64_t limit;
};
extern constinit thread_local Local local;

void refill(std::size_t index);
void drain(std::size_t index) noexcept;

inline std::size_t index_of(std::size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kStep; }

inline void* allocate(std::size_t bytes) {
  if (!kKeepBlocks || bytes > kLargest) return ::operator new(bytes);
  List& list = local.lists[index_of(bytes)];
  if (list.first == nullptr) [[unlikely]]
    refill(index_of(bytes));
  return list.pop();
}

inline void release(void* block, std::size_t bytes) noexcept {
  if (!kKeepBlocks || bytes > kLargest) return ::operator delete(block);
  List& list = local.lists[index_of(bytes)];
  list.push(static_cast<Block*>(block));
  if (list.count >= local.limit) [[unlikely]]
    drain(index_of(bytes));
}

}  // namespace autograd::nodes
