#pragma once

#include <atomic>

namespace autograd {

// A spin lock of one byte, for numerous objects that two threads rarely lock at once. Works with
// std::lock_guard.
class FlagLock {
 public:
  void lock() {
    while (held_.test_and_set(std::memory_order_acquire))
      held_.wait(true, std::memory_order_relaxed);
  }
  void unlock() {
    held_.clear(std::memory_order_release);
    held_.notify_one();
  }

 private:
  std::atomic_flag held_;
};

}  // namespace autograd
