#pragma once

#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

// The thread sanitizer cannot follow threads that are started by the child of a fork() of several
// threads.
#ifdef __SANITIZE_THREAD__
inline constexpr bool kChildrenMayStartThreads = false;
#else
inline constexpr bool kChildrenMayStartThreads = true;
#endif

// In the child of a fork(), what belonged to the threads that are gone looks like a leak. The
// sanitizer asks before it looks for leaks.
inline const pid_t kFirstProcess = getpid();
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer's name
extern "C" [[gnu::used]] inline int __lsan_is_turned_off() { return getpid() != kFirstProcess; }

inline constexpr int kThreads = 4;

// Calls f(i) in n threads of their own, which start it together.
inline void at_once(const std::function<void(int)>& f, int n = kThreads) {
  std::atomic<int> waiting{n};
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i)
    threads.emplace_back([&, i] {
      --waiting;
      while (waiting > 0) std::this_thread::yield();
      f(i);
    });
  for (std::thread& t : threads) t.join();
}
