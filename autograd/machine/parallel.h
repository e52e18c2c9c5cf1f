#pragma once

#include <cstdint>

namespace autograd::parallel {

// The number of threads that loops may use, from 1 to kMostThreads. The initial value is the
// environment variable AUTOGRAD_THREADS, else the number of processors that the process may use
// (cpu::processors()). If the system refuses to start so many threads, the number falls to at most
// those that started. No result depends on it: loops are cut at fixed borders, and threads only
// share the pieces.
inline constexpr int kMostThreads = 1024;
int threads();
// Waits until no loop is running. Throws if n is outside [1, kMostThreads], or if called from
// inside a piece of a loop.
void set_threads(int n);

// Calls piece(i) for each i in [0, n), spread over the threads, and returns when all are done. A
// call from inside a piece, or while another thread's loop is running, runs in the calling thread
// alone. If pieces throw, the call rethrows one of the exceptions once all threads have left the
// loop; which of the other pieces were called is not determined.
//
// Loops can run at any time: before main(), in destructors of global and thread-local objects, in
// functions given to atexit(), and in the child of a fork().
template <class Piece>
void for_each(std::int64_t n, const Piece& piece);

// Cuts [0, n) at the multiples of `grain` and calls body(begin, end) for each part. If n <= worth,
// sharing the work would not pay: body(0, n) is called in the calling thread.
template <class Body>
void for_chunks(std::int64_t n, std::int64_t grain, const Body& body, std::int64_t worth = 0);

// -------------------------------------------------------------------------------------------------

// A loop for the thread pool: call(context, i) for i in [0, n).
struct Loop {
  void (*call)(const void* context, std::int64_t i);
  const void* context;
  std::int64_t n;
};
void run(const Loop& loop);
// Calls the pieces in this thread, as if from inside of a piece of another loop.
void run_inside(const Loop& loop);

template <class Piece>
void for_each(std::int64_t n, const Piece& piece) {
  if (n == 1) return piece(std::int64_t{0});
  run({[](const void* context, std::int64_t i) { (*static_cast<const Piece*>(context))(i); },
       &piece, n});
}

template <class Body>
void for_chunks(std::int64_t n, std::int64_t grain, const Body& body, std::int64_t worth) {
  if (n <= grain || n <= worth) {
    if (n > 0) body(std::int64_t{0}, n);
    return;
  }
  for_each((n + grain - 1) / grain, [&](std::int64_t i) {
    const std::int64_t begin = i * grain;
    body(begin, begin + grain < n ? begin + grain : n);
  });
}

}  // namespace autograd::parallel
