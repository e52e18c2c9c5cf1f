#pragma once

#include <functional>
#include <memory>

namespace autograd::parallel {

// Threads for work beside the caller's own: reading the next examples, computing with a replica of
// a model. (Loops over elements have their own threads, see for_each.)
//
// Jobs begin in the order in which they are given. A loop inside a job runs in the job's thread
// alone, so that jobs do not fight the caller's loops for the processors. Not to be used in the
// child of a fork() that had them.
class Workers {
 public:
  // Throws if n is outside of [1, kMostThreads], or if the system starts no thread; it may start
  // fewer than n.
  explicit Workers(int n);
  // Drops the jobs that have not begun, and waits for the others.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // How many threads there are.
  int count() const;
  // Runs the job in one of the threads. The job must not throw.
  void start(std::function<void()> job);
  // Drops the jobs that have not begun.
  void drop();

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace autograd::parallel
