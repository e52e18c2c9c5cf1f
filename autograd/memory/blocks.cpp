#include "autograd/memory/blocks.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "autograd/memory/sanitizer.h"

namespace autograd::memory {
namespace {

constexpr std::size_t kClasses = 64 * 8;
constexpr std::size_t kMost = std::size_t{1} << 47;  // the size of a process's address space

// Sizes are rounded up to one of eight steps per doubling, so at most an eighth of a block is
// wasted.
struct SizeClass {
  std::size_t index;
  std::size_t bytes;
};

SizeClass size_class(std::size_t bytes) {
  std::size_t units = (bytes + kAlignment - 1) / kAlignment;
  if (units <= 8) {
    if (units == 0) units = 1;
    return {units, units * kAlignment};
  }
  const int shift = std::bit_width(units) - 4;  // units = 8..15 times 2^shift, rounded up
  std::size_t steps = (units + (std::size_t{1} << shift) - 1) >> shift;
  return {static_cast<std::size_t>(shift) * 8 + steps, (steps << shift) * kAlignment};
}

// The index is 8 shift + steps, where 16 steps are 8 of the next shift.
std::size_t bytes_of_class(std::size_t index) {
  if (index <= 8) return index * kAlignment;
  const std::size_t shift = index / 8 - 1, steps = index % 8 + 8;
  return (steps << shift) * kAlignment;
}

// Blocks of at least kLarge bytes lie in memory for which the system is asked to use pages of 2
// MiB, so that a loop over an array has few misses in the processor's page table cache. Blocks of
// up to kInSlab bytes are cut from slabs, so that no block wastes the rest of a page.
constexpr std::size_t kLarge = std::size_t{16} << 10, kInSlab = std::size_t{4} << 20;
constexpr std::size_t kSlab = std::size_t{32} << 20, kHugePage = std::size_t{2} << 20;

bool in_slab(std::size_t bytes) { return kKeepBlocks && bytes >= kLarge && bytes <= kInSlab; }

// Only whole large pages; the rest at the end stays in small pages.
void* in_huge_pages(std::size_t bytes) {
  void* block = nullptr;
  if (posix_memalign(&block, kHugePage, bytes) != 0) return nullptr;
#ifdef MADV_HUGEPAGE
  madvise(block, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
  return block;
}

// Returns the memory of a block in a slab to the system, but keeps its addresses.
void give_back_pages(void* block, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 4096;
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t first = (begin + kPage - 1) / kPage * kPage,
                       last = (begin + bytes) / kPage * kPage;
#ifdef MADV_DONTNEED
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
#endif
}

struct Cache {
  // For each size class: the kept blocks, and the places in slabs whose memory was returned to the
  // system.
  struct Blocks {
    std::vector<void*> kept, empty;
  };

  std::mutex mutex;
  Blocks blocks[kClasses];
  std::byte *slab = nullptr, *slab_end = nullptr;  // the unused rest of the current slab
  Stats stats{0, 0};
};

// Never destroyed, because arrays with static lifetime may be destroyed later.
Cache& cache() {
  static Cache* const c = [] {
    auto* const first = new Cache;
    // Holds the lock during fork(). Otherwise another thread could hold it, and it would stay
    // locked in the child.
    pthread_atfork([] { cache().mutex.lock(); }, [] { cache().mutex.unlock(); },
                   [] { cache().mutex.unlock(); });
    return first;
  }();
  return *c;
}

}  // namespace

// A new block. Null if there is no memory.
static void* fresh(Cache& c, std::size_t bytes) {
  if (!kKeepBlocks || bytes < kLarge) return std::aligned_alloc(kAlignment, bytes);
  if (!in_slab(bytes)) return in_huge_pages(bytes);
  std::lock_guard lock(c.mutex);
  if (bytes > static_cast<std::size_t>(c.slab_end - c.slab)) {
    auto* const slab = static_cast<std::byte*>(in_huge_pages(kSlab));
    if (slab == nullptr) return nullptr;
    c.slab = slab;
    c.slab_end = slab + kSlab;
  }
  return std::exchange(c.slab, c.slab + bytes);
}

void* allocate(std::size_t bytes) {
  if (bytes > kMost) throw std::bad_alloc();
  const SizeClass size = size_class(bytes);
  Cache& c = cache();
  const auto pop = [](std::vector<void*>& blocks) {
    void* const block = blocks.back();
    blocks.pop_back();
    return block;
  };
  {
    std::lock_guard lock(c.mutex);
    c.stats.in_use += size.bytes;
    auto& [kept, empty] = c.blocks[size.index];
    if (!kept.empty()) {
      c.stats.cached -= size.bytes;
      return pop(kept);
    }
    if (!empty.empty()) return pop(empty);
  }
  if (void* block = fresh(c, size.bytes)) return block;
  release_cached();  // unused blocks of other size classes may provide the missing memory
  if (void* block = fresh(c, size.bytes)) return block;
  std::lock_guard lock(c.mutex);
  c.stats.in_use -= size.bytes;
  throw std::bad_alloc();
}

void release(void* block, std::size_t bytes) noexcept {
  const SizeClass size = size_class(bytes);
  Cache& c = cache();
  std::lock_guard lock(c.mutex);
  c.stats.in_use -= size.bytes;
  if (kKeepBlocks) {
    c.stats.cached += size.bytes;
    c.blocks[size.index].kept.push_back(block);
  } else {
    std::free(block);
  }
}

Stats stats() {
  Cache& c = cache();
  std::lock_guard lock(c.mutex);
  return c.stats;
}

void release_cached() {
  Cache& c = cache();
  std::lock_guard lock(c.mutex);
  for (std::size_t i = 0; i < kClasses; ++i) {
    auto& [kept, empty] = c.blocks[i];
    const std::size_t bytes = bytes_of_class(i);
    for (void* block : kept) {
      if (!in_slab(bytes)) {
        std::free(block);
        continue;
      }
      give_back_pages(block, bytes);
      empty.push_back(block);
    }
    kept.clear();
  }
  c.stats.cached = 0;
}

}  // namespace autograd::memory
