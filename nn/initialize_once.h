#pragma once

#include <atomic>

// Thread-safe lazy initialisation. A link whose input size is unknown initialises its parameters in
// its first call, which several threads may make at once.
namespace nn {

// A global recursive lock for the initialisation of parameters.
class [[nodiscard]] InitializationLock {
 public:
  InitializationLock();
  ~InitializationLock();
  InitializationLock(const InitializationLock&) = delete;
  InitializationLock& operator=(const InitializationLock&) = delete;
};

// A flag that publishes initialised data to threads that read it without the lock. Copyable,
// because links are.
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

// Calls `initialize` unless all of `parameters` that are not null have values. A link does this
// first in each call. Concurrent callers wait until the first one is done.
template <class F, class... P>
void initialize_once(const F& initialize, const P&... parameters) {
  const auto done = [&] { return ((!parameters || parameters.is_initialized()) && ...); };
  if (done()) [[likely]]
    return;
  const InitializationLock lock;
  if (!done()) initialize();
}

}  // namespace nn
