#include "autograd/machine/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "autograd/machine/parallel.h"
#include "tests/message.h"

namespace autograd::parallel {
namespace {

TEST(Workers, RunJobsInTurn) {
  std::vector<int> order;
  std::latch done(100);
  Workers workers(1);
  for (int i = 0; i < 100; ++i)
    workers.start([&, i] {
      order.push_back(i);  // of one thread
      done.count_down();
    });
  done.wait();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Workers, RunAsManyJobsAtOnceAsThereAreThreads) {
  Workers workers(3);
  EXPECT_EQ(workers.count(), 3);
  std::latch met(3), done(3);
  for (int i = 0; i < 3; ++i)
    workers.start([&] {
      met.arrive_and_wait();  // for each other
      done.count_down();
    });
  done.wait();
}

TEST(Workers, RunLoopsInTheirOwnThread) {
  Workers workers(1);
  std::latch done(1);
  bool alone = true;
  workers.start([&] {
    const auto self = std::this_thread::get_id();
    for_each(1000, [&](std::int64_t) { alone = alone && std::this_thread::get_id() == self; });
    done.count_down();
  });
  done.wait();
  EXPECT_TRUE(alone);
}

TEST(Workers, DropWhatHasNotBegun) {
  std::atomic<int> begun{0};
  std::latch started(1), go(1);
  {
    Workers workers(1);
    workers.start([&] {
      ++begun;
      started.count_down();
      go.wait();
    });
    started.wait();
    for (int i = 0; i < 10; ++i) workers.start([&] { ++begun; });
    workers.drop();
    workers.start([&] { ++begun; });
    go.count_down();
  }
  EXPECT_LE(begun, 2);
  EXPECT_EQ(message_of([] { Workers(0); }),
            "Workers: there must be from 1 to 1024 threads, but 0 are wanted");
}

}  // namespace
}  // namespace autograd::parallel
