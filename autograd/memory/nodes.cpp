#include "autograd/memory/nodes.h"

#include <pthread.h>

#include <mutex>

namespace autograd::nodes {
namespace {

constexpr std::size_t kClasses = kLargest / kStep;
constexpr std::size_t kSlab = 64 * 1024;
constexpr std::int64_t kBatch = 1024;  // blocks that a thread takes or returns at once

// Blocks that threads have returned. Never destroyed, because objects with static lifetime may be
// destroyed later.
struct Shared {
  std::mutex mutex;
  Block* lists[kClasses] = {};
};
Shared& shared() {
  static Shared* const s = [] {
    auto* const first = new Shared;
    // Holds the lock during fork(). Otherwise another thread could hold it, and it would stay
    // locked in the child.
    pthread_atfork([] { shared().mutex.lock(); }, [] { shared().mutex.unlock(); },
                   [] { shared().mutex.unlock(); });
    return first;
  }();
  return *s;
}

void hand_over(std::size_t index, List& list) {
  Shared& s = shared();
  std::lock_guard lock(s.mutex);
  list.first->next_list = std::exchange(s.lists[index], list.first);
  list = {};
}

List take_over(std::size_t index) {
  Shared& s = shared();
  List list;
  {
    std::lock_guard lock(s.mutex);
    list.first = s.lists[index];
    if (list.first != nullptr) s.lists[index] = list.first->next_list;
  }
  if (list.first != nullptr) {
    list.count = kBatch;  // counting the blocks would load each of them into the cache
    return list;
  }
  const std::size_t bytes = (index + 1) * kStep;
  auto* slab = static_cast<std::byte*>(::operator new(kSlab, std::align_val_t(64)));
  for (std::size_t end = kSlab; end >= bytes; end -= bytes)
    list.push(reinterpret_cast<Block*>(slab + end - bytes));
  return list;
}

// A second, full list of each size. With it, a thread that alternately takes and frees blocks does
// not exchange a list each time.
struct Full {
  List lists[kClasses];
  enum { fresh, alive, over } state;
};
constinit thread_local Full full{};

// Returns the thread's blocks at the end of the thread.
struct AtEnd {
  AtEnd() {
    full.state = Full::alive;
    local.limit = kBatch;
  }
  ~AtEnd() {
    full.state = Full::over;
    local.limit = 0;
    for (std::size_t i = 0; i < kClasses; ++i) {
      if (local.lists[i].first != nullptr) hand_over(i, local.lists[i]);
      if (full.lists[i].first != nullptr) hand_over(i, full.lists[i]);
    }
  }
};
void start() {
  thread_local const AtEnd at_end;
  static_cast<void>(at_end);
}

}  // namespace

constinit thread_local Local local{};

void refill(std::size_t index) {
  if (full.state == Full::fresh) start();
  local.lists[index] =
      full.lists[index].first != nullptr ? std::exchange(full.lists[index], {}) : take_over(index);
}

// Called if the thread's list is full, if the thread is new, and if the thread is ending.
void drain(std::size_t index) noexcept {
  if (full.state == Full::fresh) start();
  if (full.state == Full::over) return hand_over(index, local.lists[index]);
  if (local.lists[index].count < kBatch) return;
  if (full.lists[index].first != nullptr) hand_over(index, full.lists[index]);
  full.lists[index] = std::exchange(local.lists[index], {});
}

}  // namespace autograd::nodes
