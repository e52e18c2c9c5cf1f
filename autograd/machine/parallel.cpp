#include "autograd/machine/parallel.h"

#include <fmt/format.h>

#include <pthread.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/machine/cpu.h"

namespace autograd::parallel {
namespace {

void relax() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

// Waits until `word` is no longer `old`. It first spins for some microseconds, because the next
// loop of a network usually comes within this time. Then it sleeps, so that an idle pool uses no
// processor time and does not disturb a busy machine.
void wait_while_equal(const std::atomic<std::uint32_t>& word, std::uint32_t old) {
  for (int i = 0; i < 2000; ++i) {
    if (word.load(std::memory_order_acquire) != old) return;
    relax();
  }
  word.wait(old, std::memory_order_acquire);
}

constinit thread_local bool inside_loop = false;

struct InsideLoop {
  InsideLoop() { inside_loop = true; }
  ~InsideLoop() { inside_loop = false; }
};

// Each thread always has the same share of the pieces of a loop, so that the data of the previous
// loop are still in its cache. A thread that has finished its share helps the others. The calling
// thread works, too. At the end, it waits only for workers that have taken part in the loop. It
// does not wait for a worker that the system has not scheduled.
class Pool {
 public:
  // If the system cannot start all workers, keeps at most as many as there are processors, and at
  // most half of the started ones, so that there is room for their work.
  explicit Pool(int workers) : shares_(static_cast<std::size_t>(workers) + 1) {
    workers_.reserve(shares_.size() - 1);
    try {
      for (std::size_t i = 1; i < shares_.size(); ++i)
        workers_.emplace_back([this, i] { work(i); });
    } catch (const std::exception&) {
      const auto useful = static_cast<std::size_t>(cpu::processors() - 1);
      dismiss(workers_.size() - std::min(workers_.size() / 2, useful));
      shares_ = std::vector<Share>(workers_.size() + 1);
    }
  }

  ~Pool() { dismiss(workers_.size()); }

  int threads() const { return static_cast<int>(shares_.size()); }

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
    if (failed_.load(std::memory_order_relaxed)) [[unlikely]] {
      failed_.store(false, std::memory_order_relaxed);
      std::rethrow_exception(std::exchange(error_, nullptr));
    }
  }

  // Called in the child of a fork(), which has no workers. If the forking thread is inside a loop,
  // the loop ends without the workers. The pieces that they had begun are lost, so the loop ends
  // with an Error.
  void lose_workers() {
    const bool pieces_are_lost = (gate_.exchange(0) & ~kOpen) != 0;
    if (pieces_are_lost && fail())
      error_ = std::make_exception_ptr(
          Error("loop: the child of a fork() from inside a loop has none of the other threads, so "
                "their pieces of the loop are missing"));
  }

 private:
  struct alignas(64) Share {  // a separate cache line
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
  };

  // gate_ says whether workers may join the loop, and how many workers have joined it.
  static constexpr std::uint32_t kOpen = 1u << 31;

  // Excludes the calling thread's processor from the affinity of the workers. In a virtual machine,
  // an idle processor can look to the scheduler like a processor that the host has taken away. The
  // scheduler then wakes a worker on the caller's processor, or moves the caller to a worker's
  // processor, and one of them waits until the other has finished.
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

  // Ends workers, beginning with the last one.
  void dismiss(std::size_t count) {
    const std::size_t left = workers_.size() - count;
    most_.store(left, std::memory_order_relaxed);
    announce();
    for (std::size_t i = left; i < workers_.size(); ++i) workers_[i].join();
    workers_.resize(left);
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
    const InsideLoop inside;
    try {
      for (std::size_t k = 0; k < shares_.size(); ++k) {
        Share& share = shares_[(thread + k) % shares_.size()];
        // Reads before writing, so that a finished share stays in its owner's cache.
        while (share.next.load(std::memory_order_relaxed) < share.end) {
          const std::int64_t i = share.next.fetch_add(1, std::memory_order_relaxed);
          if (i < share.end) loop_.call(loop_.context, i);
        }
      }
    } catch (...) {
      if (fail()) error_ = std::current_exception();
    }
  }

  // Prevents all threads from beginning another piece of the loop. Returns whether this is the
  // loop's first failure.
  bool fail() {
    for (Share& share : shares_) share.next.store(share.end, std::memory_order_relaxed);
    return !failed_.exchange(true, std::memory_order_relaxed);
  }

  void work(std::size_t thread) {
    for (std::uint32_t seen = 0;;) {
      wait_while_equal(generation_, seen);
      seen = generation_.load(std::memory_order_acquire);
      if (thread > most_.load(std::memory_order_relaxed)) return;
      if (!join()) continue;
      take_pieces(thread);
      leave();
    }
  }

  // The data that a worker reads to start are in one cache line. Its share is in another cache
  // line.
  alignas(64) std::atomic<std::uint32_t> generation_{0};
  std::atomic<std::uint32_t> gate_{0};
  Loop loop_{};
  std::atomic<std::size_t> most_{kMostThreads};  // workers with higher numbers end
  alignas(64) std::vector<Share> shares_;
  std::vector<std::thread> workers_;
  std::atomic<bool> failed_{false};
  std::exception_ptr error_;  // the exception of the first piece that threw
  [[maybe_unused]] int callers_processor_ = -1;
};

int threads_at_start() {
  const char* wanted = std::getenv("AUTOGRAD_THREADS");
  if (!wanted || !*wanted) return std::min(cpu::processors(), kMostThreads);
  const std::string_view text = wanted;
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < 1 || n > kMostThreads)
    throw Error(fmt::format("AUTOGRAD_THREADS: must be a number from 1 to {}, but it is {}",
                            kMostThreads, wanted));
  return n;
}

struct State {
  explicit State(int n) : threads(n) {}

  std::mutex one_loop_at_a_time;
  std::atomic<int> threads;
  std::unique_ptr<Pool> pool;  // made by the first loop that needs it
};

// Never destroyed, because destructors of global objects and functions given to atexit() may run
// loops. Waiting workers end with the process.
State*& state_pointer() {
  static State* pointer = [] {
    auto* const first = new State(threads_at_start());
    // The child of a fork() starts with a new state. It has the memory of the parent's state, but
    // neither the workers nor the thread that may hold the lock.
    pthread_atfork(nullptr, nullptr, [] {
      State*& s = state_pointer();
      if (s->pool) s->pool->lose_workers();
      s = new State(s->threads);
    });
    return first;
  }();
  return pointer;
}
State& state() { return *state_pointer(); }

}  // namespace

int threads() { return state().threads; }

void set_threads(int n) {
  if (n < 1 || n > kMostThreads)
    throw Error(fmt::format("set_threads: the number of threads must be from 1 to {}, but it is {}",
                            kMostThreads, n));
  if (inside_loop)
    throw Error(fmt::format(
        "set_threads: the number of threads must stay as it is inside a loop, but a piece of one "
        "sets it to {}",
        n));
  State& s = state();
  std::lock_guard lock(s.one_loop_at_a_time);
  if (n == s.threads) return;
  s.pool.reset();
  s.threads = n;
}

void run(const Loop& loop) {
  const auto in_turn = [&loop] {
    for (std::int64_t i = 0; i < loop.n; ++i) loop.call(loop.context, i);
  };
  if (inside_loop || loop.n <= 1) return in_turn();
  State& s = state();
  if (s.threads > 1) {
    std::unique_lock lock(s.one_loop_at_a_time, std::try_to_lock);
    if (lock) {
      if (!s.pool) {
        s.pool = std::make_unique<Pool>(s.threads - 1);
        s.threads = s.pool->threads();
      }
      return s.pool->run(loop);
    }
  }
  run_inside(loop);
}

void run_inside(const Loop& loop) {
  const InsideLoop inside;
  for (std::int64_t i = 0; i < loop.n; ++i) loop.call(loop.context, i);
}

}  // namespace autograd::parallel
