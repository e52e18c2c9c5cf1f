#pragma once

#include <atomic>

namespace autograd {

// A lock of one byte, for numerous objects that two threads rarely lock at once. Works with
// std::lock_guard.
//
// The third state costs the first thread nothing: to wake another thread may be a system call even
// if nobody waits for this lock, because waiters of other atomics may share its hash.
class FlagLock {
 public:
  void lock() {
    unsigned char expected = kFree;
    if (state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                       std::memory_order_relaxed))
      return;
    while (state_.exchange(kAwaited, std::memory_order_acquire) != kFree)
      state_.wait(kAwaited, std::memory_order_relaxed);
  }
  void unlock() {
    if (state_.exchange(kFree, std::memory_order_release) == kAwaited) state_.notify_one();
  }

 private:
  // kAwaited: held, and another thread may wait for it.
  static constexpr unsigned char kFree = 0, kHeld = 1, kAwaited = 2;
  std::atomic<unsigned char> state_{kFree};
};

}  // namespace autograd
