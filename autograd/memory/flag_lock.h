#pragma once

#include <atomic>

namespace autograd {

// A lock of one byte, for objects of which there are many and which two threads hardly ever want at
// once. For std::lock_guard.
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
