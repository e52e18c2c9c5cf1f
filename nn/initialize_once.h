#pragma once

#include <atomic>

// A link without its input size gets its parameters in its first call, and threads may make their
// first calls of it at once.
namespace nn {

// One thread at a time gives parameters their first values; the same thread may nest these.
class [[nodiscard]] InitializationLock {
 public:
  InitializationLock();
  ~InitializationLock();
  InitializationLock(const InitializationLock&) = delete;
  InitializationLock& operator=(const InitializationLock&) = delete;
};

// Set once what other threads read without the lock is there. Copyable, as links are.
class Ready {
 public:
  Ready() = default;
  Ready(const Ready& other) noexcept : ready_(static_cast<bool>(other)) {}
  Ready& operator=(const Ready& other) noexcept {
    ready_.store(static_cast<bool>(other), std::memory_order_release);
    return *this;
  }

  explicit operator bool() const { return ready_.load(std::memory_order_acquire); }
  void set() { ready_.store(true, std::memory_order_release); }

 private:
  std::atomic<bool> ready_{false};
};

// Calls `initialize` unless all of `parameters` (those that are none left out) have values: what a
// link does first in a call. Threads that come at once wait until the first of them is done.
template <class F, class... P>
void initialize_once(const F& initialize, const P&... parameters) {
  const auto done = [&] { return ((!parameters || parameters.is_initialized()) && ...); };
  if (done()) [[likely]]
    return;
  const InitializationLock lock;
  if (!done()) initialize();
}

}  // namespace nn
