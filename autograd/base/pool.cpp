#include "autograd/base/pool.h"

#include <cstdint>
#include <mutex>
#include <utility>

#include "autograd/base/sanitizer.h"

namespace autograd::pool {
namespace {

constexpr std::size_t kClasses = kLargest / kStep;
constexpr std::size_t kSlab = 64 * 1024;
constexpr std::int64_t kBatch = 1024;  // blocks that change hands at once

struct Block {
  Block* next;
  Block* next_list;  // of the first block of a list: the list that lies below it in Shared
};

// Free blocks of one size.
struct List {
  Block* first = nullptr;
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

// What threads have left over. Never destroyed: objects with static lifetime outlive any order.
struct Shared {
  std::mutex mutex;
  Block* lists[kClasses] = {};
};
Shared& shared() {
  static Shared* const s = new Shared;
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
    for (const Block* b = list.first; b != nullptr; b = b->next) ++list.count;
    return list;
  }
  const std::size_t bytes = (index + 1) * kStep;
  auto* slab = static_cast<std::byte*>(::operator new(kSlab, std::align_val_t(64)));
  for (std::size_t end = kSlab; end >= bytes; end -= bytes)
    list.push(reinterpret_cast<Block*>(slab + end - bytes));
  return list;
}

// Two lists of each size: one in use, one full, so that a thread that goes to and fro at the border
// does not hand over each time. A plain struct without constructor, so that reaching it costs no
// check; a thread's end hands over what it has.
struct Local {
  List lists[kClasses], full[kClasses];
  enum { fresh, alive, over } state;
};
constinit thread_local Local local{};

struct AtEnd {
  AtEnd() { local.state = Local::alive; }
  ~AtEnd() {
    local.state = Local::over;
    for (std::size_t i = 0; i < kClasses; ++i) {
      if (local.lists[i].count > 0) hand_over(i, local.lists[i]);
      if (local.full[i].count > 0) hand_over(i, local.full[i]);
    }
  }
};
void start() {
  thread_local const AtEnd at_end;
  static_cast<void>(at_end);
}

[[gnu::noinline]] void refill(std::size_t index) {
  if (local.state == Local::fresh) start();
  local.lists[index] =
      local.full[index].count > 0 ? std::exchange(local.full[index], {}) : take_over(index);
}

// Of a thread whose list is full, which is new, or which is at its end.
[[gnu::noinline]] void drain(std::size_t index) {
  if (local.state == Local::fresh) start();
  if (local.state == Local::over) return hand_over(index, local.lists[index]);
  if (local.lists[index].count < kBatch) return;
  if (local.full[index].count > 0) hand_over(index, local.full[index]);
  local.full[index] = std::exchange(local.lists[index], {});
}

std::size_t index_of(std::size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kStep; }

}  // namespace

void* allocate(std::size_t bytes) {
  if (!kKeepBlocks || bytes > kLargest) return ::operator new(bytes);
  const std::size_t index = index_of(bytes);
  if (local.lists[index].first == nullptr) refill(index);
  return local.lists[index].pop();
}

void release(void* block, std::size_t bytes) noexcept {
  if (!kKeepBlocks || bytes > kLargest) return ::operator delete(block);
  const std::size_t index = index_of(bytes);
  local.lists[index].push(static_cast<Block*>(block));
  if (local.lists[index].count >= kBatch || local.state != Local::alive) drain(index);
}

}  // namespace autograd::pool
