// What several threads may do at once, and what the child of a fork() may: docs/numerics.md says.
// The thread sanitizer watches.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "autograd/array/linalg.h"
#include "autograd/array/random.h"
#include "autograd/autograd.h"
#include "autograd/memory/flag_lock.h"
#include "tests/threads.h"

// The sanitizer lets children of several threads live, but loses count of threads that they start.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0:atexit_sleep_ms=0"; }

namespace autograd {
namespace {

// The exit code of a child that calls f and ends by exit(); negative: the signal that ended it.
int code_of_child(const std::function<void()>& f) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);  // a child that hangs
    if (!kChildrenMayStartThreads) parallel::set_threads(1);
    f();
    std::exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

class Threads : public ::testing::Test {
 protected:
  ~Threads() override { parallel::set_threads(before_); }
  const int before_ = parallel::threads();
};

// The thread that holds the lock pauses now and then, so that the others fall asleep and must be
// woken one after the other.
TEST_F(Threads, WaitForAFlagLock) {
  FlagLock lock;
  int count = 0;
  at_once([&](int) {
    for (int k = 0; k < 1000; ++k) {
      const std::lock_guard<FlagLock> guard(lock);
      ++count;
      if (k % 100 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  EXPECT_EQ(count, 1000 * kThreads);
}

TEST_F(Threads, FirstUseOneVariable) {
  for (int round = 0; round < 200; ++round) {
    const Variable x(Array::full({3}, round, Dtype::float64));
    Variables y(kThreads);
    at_once([&](int i) { y[static_cast<std::size_t>(i)] = sum(x * x + x); });
    for (const Variable& own : y) {
      EXPECT_EQ(own.item(), 3. * round * round + 3. * round);
      EXPECT_EQ(grad({own}, {x})[0].array().to_vector<double>()[0], 2. * round + 1);
    }
  }
}

TEST_F(Threads, AddToOneGradient) {
  for (int round = 0; round < 50; ++round) {
    const Variable x(Array::full({1000}, 2, Dtype::float64));
    at_once([&](int i) { sum(x * (i + 1)).backward(); });
    EXPECT_EQ(x.grad().to_vector<double>(), std::vector<double>(1000, 1 + 2 + 3 + 4));
  }
}

TEST_F(Threads, ReadOneVariable) {
  for (int round = 0; round < 100; ++round) {
    const Variable x(Array::full({3}, 1, Dtype::float32), {.name = ""});
    at_once([&](int i) {
      if (i % 2 == 0) {
        EXPECT_EQ(sum(x).rank(), 1);
      }
      EXPECT_TRUE(x.requires_grad());
      EXPECT_EQ(x.name(), "");
      EXPECT_EQ(x.rank(), 0);
      EXPECT_EQ(x.creator(), nullptr);
      EXPECT_EQ(x.shape(), Shape{3});
      EXPECT_TRUE(Variable(x).is(x));
    });
  }
}

TEST_F(Threads, ComputeWithOneArray) {
  const Array W = array::standard_normal({64, 64}, Dtype::float32, random::generator());
  const Array expected = matmul(W, W).array();
  const Array images = W.reshape({4, 4, 16, 16}), filters = W.reshape({64, 4, 4, 4});
  const Array maps = convolution_2d(images, filters).array();
  at_once([&](int) {
    for (int k = 0; k < 20; ++k) {
      EXPECT_TRUE(array_equal(matmul(W, W).array(), expected));
      EXPECT_TRUE(array_equal(convolution_2d(images, filters).array(), maps));
      EXPECT_TRUE(array_equal((W + W).array(), (W * 2).array()));
      EXPECT_EQ(array::eigvalsh((W + W.transpose()).array()).size(), 64);
    }
  });
}

TEST_F(Threads, DrawFromOneGenerator) {
  at_once([](int i) {
    const Variable x(Array::full({50, 50}, 1, Dtype::float32));
    for (int k = 0; k < 30; ++k) {
      dropout(x, 0.5);
      gaussian(x, x);
      zoneout(x, x, 0.5);
      array::standard_gamma(x.array(), random::generator());
      EXPECT_EQ(random::generator().permutation(100).size(), 100u);
      EXPECT_LT(random::generator().rand(), 1);
      if (i == 0 && k % 10 == 0) random::seed(1);
      EXPECT_LE(random::generator().state().pos, 624);
    }
  });
}

TEST_F(Threads, HaveAConfigurationAndHooksOfTheirOwn) {
  const auto testing = using_config(&Config::train, false);
  TimerHook outer;
  const auto scope = outer.watch();
  at_once([](int) {
    EXPECT_TRUE(config().train);
    EXPECT_FALSE(hooked());
    TimerHook own;
    const auto own_scope = own.watch();
    const auto recording = no_backprop_mode();
    EXPECT_FALSE(exp(Variable(Array::of({1.f}))).requires_grad());
    EXPECT_EQ(own.summary().size(), 1u);
  });
  EXPECT_EQ(outer.summary().size(), 0u);
}

TEST_F(Threads, MayLetAGraphGoInAnother) {
  for (int round = 0; round < 20; ++round) {
    Variable y;
    std::thread([&y] {
      y = Variable(Array::full({100}, 1, Dtype::float32));
      for (int k = 0; k < 1000; ++k) y = y + y;
    }).join();
    std::thread([&y] { y = Variable(); }).join();
  }
}

TEST_F(Threads, DestroyWhatIsThreadLocal) {
  struct Worker {
    ~Worker() {
      Variable x(Array::full({300, 300}, 1, Dtype::float32));
      sum(exp(x)).backward();
      EXPECT_EQ(convolution_2d(x.array().reshape({1, 1, 300, 300}),
                               Array::full({16, 1, 3, 3}, 1, Dtype::float32))
                    .length(1),
                16);
      TimerHook timer;
      const auto scope = timer.watch();
      dropout(x);
    }
    int touched = 0;
  };
  parallel::set_threads(3);
  at_once([](int) {
    thread_local Worker worker;
    ++worker.touched;
    sum(Variable(Array::full({300, 300}, 1, Dtype::float32)));
  });
}

// Work that leaves threads, blocks and locks in use.
void work() {
  const Array x = Array::full({300, 300}, 1, Dtype::float32);
  EXPECT_EQ(sum(exp(Variable(x)) * 0 + 1).item(), 90000);
  EXPECT_EQ(matmul(x, x).array().to_vector<float>()[0], 300);
  EXPECT_EQ(
      matmul(x.astype(Dtype::float64), x.astype(Dtype::float64)).array().to_vector<double>()[0],
      300);
  EXPECT_EQ(
      convolution_2d(x.reshape({1, 1, 300, 300}), Array::full({16, 1, 3, 3}, 1, Dtype::float32))
          .array()
          .to_vector<float>()[0],
      9);
  dropout(x, 0.5);
}

TEST_F(Threads, AChildWorks) {
  for (int threads : {1, 2, 4}) {
    parallel::set_threads(threads);  // no pool yet
    EXPECT_EQ(code_of_child(work), 0);
    work();
    EXPECT_EQ(code_of_child(work), 0);
    EXPECT_EQ(code_of_child([] {}), 0);
    EXPECT_EQ(code_of_child([] {
                const int other = kChildrenMayStartThreads ? 3 : 1;
                parallel::set_threads(other);
                work();
                EXPECT_EQ(parallel::threads(), other);
              }),
              0);
    // A child's child.
    EXPECT_EQ(code_of_child([] {
                work();
                EXPECT_EQ(code_of_child(work), 0);
                work();
              }),
              0);
    work();
  }
}

#ifdef __linux__
TEST_F(Threads, AChildMayRunWhereItsParentMay) {
  parallel::set_threads(4);
  work();
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(code_of_child([&] {
              for (int k = 0; k < 20; ++k) {
                work();
                cpu_set_t now;
                EXPECT_EQ(sched_getaffinity(0, sizeof now, &now), 0);
                EXPECT_TRUE(CPU_EQUAL(&now, &before));
              }
            }),
            0);
}
#endif

TEST_F(Threads, AChildWorksThatWasMadeWhileOthersWork) {
  parallel::set_threads(3);
  std::atomic<bool> over{false};
  std::vector<std::thread> busy;
  for (int i = 0; i < 3; ++i)
    busy.emplace_back([&] {
      while (!over) work();
    });
  for (int k = 0; k < 20; ++k) {
    EXPECT_EQ(code_of_child([] {
                work();
                parallel::set_threads(kChildrenMayStartThreads ? 2 : 1);
                work();
              }),
              0);
    if (k % 4 == 0) work();
  }
  over = true;
  for (std::thread& t : busy) t.join();
}

// A loop that the child is in ends with its own pieces, or says that those of others are missing.
TEST_F(Threads, AChildThatIsMadeInsideALoopSaysWhatItMisses) {
  parallel::set_threads(3);
  const auto caller = std::this_thread::get_id();
  for (int k = 0; k < 10; ++k) {
    std::atomic<int> children{0};
    std::atomic<pid_t> child{-1};
    std::atomic<int> done{0};
    try {
      parallel::for_each(100, [&](std::int64_t) {
        ++done;
        if (std::this_thread::get_id() == caller && children++ == 0) {
          child = fork();
          if (child == 0) alarm(60);
        }
      });
      if (child == 0) std::_Exit(done == 100 ? 0 : 1);
    } catch (const Error&) {
      std::_Exit(child == 0 ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    EXPECT_EQ(done, 100);
  }
}

}  // namespace
}  // namespace autograd
