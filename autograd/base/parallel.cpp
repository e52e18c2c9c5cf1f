#include "autograd/base/parallel.h"

#include <fmt/format.h>

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "autograd/base/error.h"

namespace autograd::parallel {
namespace {

void relax() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

// Waits until `word` is no longer `old`: watches it for some microseconds, which is how soon the
// next loop of a network usually comes, then sleeps, so that an idle pool costs nothing and a busy
// machine is not fought.
void wait_while_equal(const std::atomic<std::uint32_t>& word, std::uint32_t old) {
  for (int i = 0; i < 2000; ++i) {
    if (word.load(std::memory_order_acquire) != old) return;
    relax();
  }
  word.wait(old, std::memory_order_acquire);
}

thread_local bool inside_loop = false;

// Each thread has a share of the pieces of the current loop, always the same one, so that it finds
// in its cache what it left there in the loop before; whoever is done helps the others. The caller
// works, too, and at the end waits only for workers that have taken part: one that the system never
// woke is not waited for.
class Pool {
 public:
  explicit Pool(int workers) : shares_(static_cast<std::size_t>(workers) + 1) {
    for (std::size_t i = 1; i < shares_.size(); ++i) workers_.emplace_back([this, i] { work(i); });
  }

  ~Pool() {
    stop_.store(true, std::memory_order_relaxed);
    announce();
    for (auto& w : workers_) w.join();
  }

  void run(const Loop& loop) {
    keep_workers_away();
    loop_ = loop;
    const auto threads = static_cast<std::int64_t>(shares_.size());
    for (std::int64_t i = 0; i < threads; ++i) {
      Share& share = shares_[static_cast<std::size_t>(i)];
      share.next.store(loop.n * i / threads, std::memory_order_relaxed);
      share.end = loop.n * (i + 1) / threads;
    }
    gate_.store(kOpen, std::memory_order_release);
    announce();
    take_pieces(0);
    std::uint32_t inside = gate_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
    while (inside != 0) {
      wait_while_equal(gate_, inside);
      inside = gate_.load(std::memory_order_acquire);
    }
  }

 private:
  struct alignas(64) Share {  // a cache line of its own
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
  };

  // gate_: whether the loop may be joined, and how many workers are in it.
  static constexpr std::uint32_t kOpen = 1u << 31;

  // Keeps the workers off the processor where the caller is busy. To the scheduler of a virtual
  // machine an idle processor can look like one that its host has taken away: it then wakes a
  // worker on the caller's, or moves the caller to a worker's, and one waits until the other is
  // done.
  void keep_workers_away() {
#ifdef __linux__
    const int here = sched_getcpu();
    if (here == callers_processor_) return;
    callers_processor_ = here;
    cpu_set_t others;
    if (here < 0 || sched_getaffinity(0, sizeof others, &others) != 0 || CPU_COUNT(&others) < 2)
      return;
    CPU_CLR(static_cast<std::size_t>(here), &others);
    for (auto& w : workers_) pthread_setaffinity_np(w.native_handle(), sizeof others, &others);
#endif
  }

  void announce() {
    generation_.fetch_add(1, std::memory_order_release);
    generation_.notify_all();
  }

  bool join() {
    std::uint32_t gate = gate_.load(std::memory_order_acquire);
    while (gate & kOpen)
      if (gate_.compare_exchange_weak(gate, gate + 1, std::memory_order_acq_rel)) return true;
    return false;
  }

  void leave() {
    if (gate_.fetch_sub(1, std::memory_order_acq_rel) == 1) gate_.notify_all();
  }

  void take_pieces(std::size_t thread) {
    inside_loop = true;
    for (std::size_t k = 0; k < shares_.size(); ++k) {
      Share& share = shares_[(thread + k) % shares_.size()];
      // Looked at before it is written to: a share that is done stays in its owner's cache.
      while (share.next.load(std::memory_order_relaxed) < share.end) {
        const std::int64_t i = share.next.fetch_add(1, std::memory_order_relaxed);
        if (i < share.end) loop_.call(loop_.context, i);
      }
    }
    inside_loop = false;
  }

  void work(std::size_t thread) {
    for (std::uint32_t seen = 0;;) {
      wait_while_equal(generation_, seen);
      seen = generation_.load(std::memory_order_acquire);
      if (stop_.load(std::memory_order_relaxed)) return;
      if (!join()) continue;
      take_pieces(thread);
      leave();
    }
  }

  // What a worker reads to start lies in one cache line, its own share in another.
  alignas(64) std::atomic<std::uint32_t> generation_{0};
  std::atomic<std::uint32_t> gate_{0};
  Loop loop_{};
  std::atomic<bool> stop_{false};
  alignas(64) std::vector<Share> shares_;
  std::vector<std::thread> workers_;
  [[maybe_unused]] int callers_processor_ = -1;
};

int threads_at_start() {
  const int processors = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const char* wanted = std::getenv("AUTOGRAD_THREADS");
  if (!wanted || !*wanted) return processors;
  char* end = nullptr;
  const long n = std::strtol(wanted, &end, 10);
  if (*end != '\0' || n < 1 || n > 1024)
    throw Error(
        fmt::format("AUTOGRAD_THREADS: must be a number from 1 to 1024, but it is {}", wanted));
  return static_cast<int>(n);
}

struct State {
  std::mutex one_loop_at_a_time;
  std::atomic<int> threads{threads_at_start()};
  std::unique_ptr<Pool> pool;  // made by the first loop that can use it
};

State& state() {
  static State s;
  return s;
}

}  // namespace

int threads() { return state().threads; }

void set_threads(int n) {
  if (n < 1)
    throw Error(
        fmt::format("set_threads: the number of threads must be at least 1, but it is {}", n));
  State& s = state();
  std::lock_guard lock(s.one_loop_at_a_time);
  if (n == s.threads) return;
  s.pool.reset();
  s.threads = n;
}

void run(const Loop& loop) {
  if (!inside_loop && loop.n > 1) {
    State& s = state();
    if (s.threads > 1) {
      std::unique_lock lock(s.one_loop_at_a_time, std::try_to_lock);
      if (lock) {
        if (!s.pool) s.pool = std::make_unique<Pool>(s.threads - 1);
        return s.pool->run(loop);
      }
    }
  }
  for (std::int64_t i = 0; i < loop.n; ++i) loop.call(loop.context, i);
}

}  // namespace autograd::parallel
