#include "autograd/base/memory.h"

#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

#include "autograd/base/sanitizer.h"

namespace autograd::memory {
namespace {

constexpr std::size_t kClasses = 64 * 8;

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

struct Cache {
  std::mutex mutex;
  std::vector<void*> free[kClasses];
  Stats stats{0, 0};
};

Cache& cache() {
  static Cache* const c =
      new Cache;  // never destroyed: arrays with static lifetime outlive any order
  return *c;
}

}  // namespace

void* allocate(std::size_t bytes) {
  const SizeClass size = size_class(bytes);
  Cache& c = cache();
  {
    std::lock_guard lock(c.mutex);
    c.stats.in_use += size.bytes;
    auto& free = c.free[size.index];
    if (!free.empty()) {
      void* block = free.back();
      free.pop_back();
      c.stats.cached -= size.bytes;
      return block;
    }
  }
  if (void* block = std::aligned_alloc(kAlignment, size.bytes)) return block;
  release_cached();  // what lies unused in other size classes may be what is missing
  if (void* block = std::aligned_alloc(kAlignment, size.bytes)) return block;
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
    c.free[size.index].push_back(block);
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
  for (auto& free : c.free) {
    for (void* block : free) std::free(block);
    free.clear();
  }
  c.stats.cached = 0;
}

}  // namespace autograd::memory
