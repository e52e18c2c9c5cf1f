#include "autograd/machine/worker.h"

#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/machine/parallel.h"

namespace autograd::parallel {

struct Workers::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> jobs;
  bool ended = false;
  std::vector<std::thread> threads;

  void work() {
    // A piece of a loop, inside of which loops run in the same thread.
    const Loop alone{[](const void* self, std::int64_t) {
                       static_cast<Shared*>(const_cast<void*>(self))->run_jobs();
                     },
                     this, 1};
    run_inside(alone);
  }

  void run_jobs() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return ended || !jobs.empty(); });
      if (ended) return;
      std::function<void()> job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it holds is let go without the lock
      lock.lock();
    }
  }
};

Workers::Workers(int n) : shared_(std::make_unique<Shared>()) {
  if (n < 1 || n > kMostThreads)
    throw Error(fmt::format("Workers: there must be from 1 to {} threads, but {} are wanted",
                            kMostThreads, n));
  try {
    for (int i = 0; i < n; ++i)
      shared_->threads.emplace_back([shared = shared_.get()] { shared->work(); });
  } catch (const std::system_error&) {
    if (shared_->threads.empty())
      throw Error("Workers: the system must start a thread, but it refuses");
  }
}

Workers::~Workers() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->ended = true;
  }
  shared_->changed.notify_all();
  for (std::thread& thread : shared_->threads) thread.join();
}

int Workers::count() const { return static_cast<int>(shared_->threads.size()); }

void Workers::start(std::function<void()> job) {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->jobs.push_back(std::move(job));
  }
  shared_->changed.notify_one();
}

void Workers::drop() {
  std::deque<std::function<void()>> dropped;  // destroyed without the lock
  const std::lock_guard lock(shared_->mutex);
  dropped.swap(shared_->jobs);
}

}  // namespace autograd::parallel
