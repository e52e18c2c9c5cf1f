#pragma once

#include <cstddef>

// Memory blocks for arrays, cached for reuse. An array of a few hundred KiB is above malloc's mmap
// threshold, so without a cache every operation would pay for fresh pages. With the cache, a
// training step gets no new memory from the system.
namespace autograd::memory {

inline constexpr std::size_t kAlignment = 64;  // a cache line, and the widest SIMD register

// `bytes` of uninitialised memory, aligned to kAlignment. Throws std::bad_alloc.
void* allocate(std::size_t bytes);
// Returns a block of allocate(bytes) to the cache.
void release(void* block, std::size_t bytes) noexcept;

struct Stats {
  std::size_t in_use;  // bytes handed out and not given back
  std::size_t cached;  // bytes given back and kept
};
Stats stats();

// Returns the cached blocks to the system.
void release_cached();

}  // namespace autograd::memory
