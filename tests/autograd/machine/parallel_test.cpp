#include "autograd/machine/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/message.h"

namespace autograd::parallel {
namespace {

class Parallel : public ::testing::Test {
 protected:
  ~Parallel() override { set_threads(before_); }
  const int before_ = threads();
};

TEST_F(Parallel, EachPieceRunsOnce) {
  for (int t : {1, 2, 4, 7}) {
    set_threads(t);
    EXPECT_EQ(threads(), t);
    for (std::int64_t n : {0, 1, 2, 3, 100, 10007}) {
      std::vector<std::atomic<int>> count(static_cast<std::size_t>(n));
      for_each(n, [&](std::int64_t i) { count[static_cast<std::size_t>(i)]++; });
      for (auto& c : count) EXPECT_EQ(c, 1);
    }
  }
}

TEST_F(Parallel, ChunksHaveFixedBorders) {
  for (int t : {1, 2, 4}) {
    set_threads(t);
    for (std::int64_t n : {0, 1, 9, 10, 11, 95}) {
      std::vector<std::atomic<int>> covered(static_cast<std::size_t>(n));
      for_chunks(n, 10, [&](std::int64_t begin, std::int64_t end) {
        EXPECT_EQ(begin % 10, 0);
        EXPECT_EQ(end, std::min(n, begin + 10));
        for (std::int64_t i = begin; i < end; ++i) covered[static_cast<std::size_t>(i)]++;
      });
      for (auto& c : covered) EXPECT_EQ(c, 1);
    }
  }
}

TEST_F(Parallel, LoopsWithinLoopsRunInTheirOwnThread) {
  set_threads(4);
  std::vector<std::atomic<int>> count(64 * 64);
  for_each(64, [&](std::int64_t i) {
    const auto outer = std::this_thread::get_id();
    for_each(64, [&](std::int64_t j) {
      EXPECT_EQ(std::this_thread::get_id(), outer);
      count[static_cast<std::size_t>(i * 64 + j)]++;
    });
  });
  for (auto& c : count) EXPECT_EQ(c, 1);
}

TEST_F(Parallel, ManyThreadsMayRunLoopsAtOnce) {
  set_threads(3);
  std::vector<std::thread> users;
  std::atomic<std::int64_t> sum{0};
  for (int u = 0; u < 4; ++u)
    users.emplace_back([&] {
      for (int k = 0; k < 200; ++k) for_each(50, [&](std::int64_t i) { sum += i; });
    });
  for (auto& u : users) u.join();
  EXPECT_EQ(sum, 4 * 200 * 1225);
}

TEST_F(Parallel, ManySmallLoopsFollowEachOther) {
  set_threads(4);
  std::atomic<std::int64_t> sum{0};
  for (int k = 0; k < 20000; ++k) for_each(3, [&](std::int64_t i) { sum += i; });
  EXPECT_EQ(sum, 60000);
}

TEST_F(Parallel, TheNumberOfThreadsMayChangeBetweenLoops) {
  std::atomic<int> count{0};
  for (int k = 0; k < 50; ++k) {
    set_threads(1 + k % 5);
    for_each(20, [&](std::int64_t) { count++; });
  }
  EXPECT_EQ(count, 1000);
}

TEST_F(Parallel, TheNumberOfThreadsHasLimits) {
  for (const int n : {0, -1, std::numeric_limits<int>::min()})
    EXPECT_EQ(message_of([&] { set_threads(n); }),
              "set_threads: the number of threads must be from 1 to 1024, but it is " +
                  std::to_string(n));
  for (const int n : {kMostThreads + 1, 1000000000, std::numeric_limits<int>::max()})
    EXPECT_EQ(message_of([&] { set_threads(n); }),
              "set_threads: the number of threads must be from 1 to 1024, but it is " +
                  std::to_string(n));
  EXPECT_EQ(threads(), before_);
}

TEST_F(Parallel, APieceCannotChangeTheNumberOfThreads) {
  for (int t : {1, 3}) {
    set_threads(t);
    std::atomic<int> refused{0};
    for_each(6, [&](std::int64_t) {
      refused += message_of([] { set_threads(2); }) ==
                 "set_threads: the number of threads must stay as it is inside a loop, but a piece "
                 "of one sets it to 2";
    });
    EXPECT_EQ(refused, 6);
    EXPECT_EQ(threads(), t);
  }
}

TEST_F(Parallel, AnExceptionOfAPieceComesOutOfTheLoop) {
  for (int t : {1, 2, 5}) {
    set_threads(t);
    for (std::int64_t thrower : {0, 1, 37, 99}) {
      const auto loop = [&](std::int64_t n) {
        for_each(n, [&](std::int64_t i) {
          if (i == thrower) throw std::runtime_error("piece " + std::to_string(i));
        });
      };
      EXPECT_EQ(message_of<std::runtime_error>([&] { loop(100); }),
                "piece " + std::to_string(thrower));
      // The next loop is whole.
      std::atomic<int> count{0};
      for_each(100, [&](std::int64_t) { count++; });
      EXPECT_EQ(count, 100);
    }
    // Of many, one.
    const std::string message = message_of<std::runtime_error>(
        [] { for_each(1000, [](std::int64_t) { throw std::runtime_error("a piece"); }); });
    EXPECT_EQ(message, "a piece");
    set_threads(t + 1);  // the pool is idle again
  }
}

}  // namespace
}  // namespace autograd::parallel
