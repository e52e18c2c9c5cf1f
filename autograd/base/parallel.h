#pragma once

#include <cstdint>

namespace autograd::parallel {

// The number of threads that loops may use. At start: the environment variable AUTOGRAD_THREADS,
// else one for each processor. No result depends on it: loops are cut at fixed borders, threads
// only share the pieces.
int threads();
void set_threads(int n);

// Calls piece(i) for each i in [0, n), spread over the threads, and returns when all are done.
// `piece` must not throw. A call from inside a piece, or while another thread's loop is running,
// runs in its own thread.
template <class Piece>
void for_each(std::int64_t n, const Piece& piece);

// Cuts [0, n) at the multiples of `grain` and calls body(begin, end) for each part; up to `worth`,
// which is not worth sharing, body(0, n) in the calling thread.
template <class Body>
void for_chunks(std::int64_t n, std::int64_t grain, const Body& body, std::int64_t worth = 0);

// -------------------------------------------------------------------------------------------------

// A loop for the pool: `call(context, i)` for i in [0, n).
struct Loop {
  void (*call)(const void* context, std::int64_t i);
  const void* context;
  std::int64_t n;
};
void run(const Loop& loop);

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
