#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

#include "autograd/memory/sanitizer.h"

// A pool of small blocks for the nodes of graphs. Nodes are made and destroyed by the million, in
// different orders; with malloc, each costs several times as much.
namespace autograd::nodes {

inline constexpr std::size_t kStep = 16, kLargest = 1024;  // bytes; larger blocks come from malloc

// Blocks are cut from slabs of their size class. Released blocks are kept for reuse by the thread
// that released them, and are passed to other threads in batches. A slab is never returned to the
// system.
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
  // In the first block of a list that waits for other threads: the next waiting list.
  Block* next_list;
};

// Free blocks of one size.
struct List {
  Block* first = nullptr;
  // Approximate: the length of a list taken over from another thread is not known.
  std::int64_t count = 0;

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

// The free blocks of a thread. Inline and without a constructor, so that allocating a block takes a
// few instructions and no check for initialisation.
struct Local {
  List lists[kLargest / kStep];
  // A list is passed on to the other threads when it reaches this length. 0 until the thread
  // releases its first block, and again when the thread ends.
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
