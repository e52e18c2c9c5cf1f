#include "autograd/memory/ref.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace autograd {
namespace {

struct Thing : Counted {
  explicit Thing(int* let_go) : gone(let_go) {}
  virtual ~Thing() { ++*gone; }
  Ref<Thing> self() { return Ref(this); }

  int* gone;
};

struct LargeThing final : Thing {
  using Thing::Thing;
  double numbers[300] = {};
  // Names that the count must not be looked up by.
  int handles_ = 0, acquire = 0, release = 0;
};

TEST(Ref, LetsGoWithTheLastHandle) {
  int gone = 0;
  Ref<Thing> a = make_ref<Thing>(&gone);
  EXPECT_EQ(a->use_count(), 1);
  {
    const Ref<Thing> b = a;
    EXPECT_EQ(a->use_count(), 2);
    EXPECT_EQ(a, b);
  }
  EXPECT_EQ(a->use_count(), 1);
  EXPECT_EQ(gone, 0);
  a = nullptr;
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(a, nullptr);
  EXPECT_FALSE(a);
}

TEST(Ref, IsHandedOnWithoutCounting) {
  int gone = 0;
  Ref<Thing> a = make_ref<Thing>(&gone);
  Ref<Thing> b = std::move(a);
  EXPECT_EQ(b->use_count(), 1);
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move): that is what is asked
  Ref<Thing>& same = b;
  b = same;
  EXPECT_EQ(b->use_count(), 1);
  EXPECT_EQ(gone, 0);
}

TEST(Ref, IsMadeOfThisAgain) {
  int gone = 0;
  Ref<Thing> a = make_ref<Thing>(&gone);
  const Ref<Thing> b = a->self();
  EXPECT_EQ(b->use_count(), 2);
  a = nullptr;
  EXPECT_EQ(gone, 0);
}

TEST(Ref, DeletesWhatDerives) {
  int gone = 0;
  { const Ref<Thing> a = make_ref<LargeThing>(&gone); }
  EXPECT_EQ(gone, 1);
  Ref<LargeThing> large = make_ref<LargeThing>(&gone);
  const Ref<Thing> a = large;
  EXPECT_EQ(a->use_count(), 2);
}

// Counts neither too few nor too many, whichever thread is the last.
TEST(Ref, CountsTheHandlesOfAllThreads) {
  for (int round = 0; round < 200; ++round) {
    int gone = 0;
    {
      Ref<Thing> first = make_ref<Thing>(&gone);
      std::vector<std::thread> threads;
      for (int t = 0; t < 4; ++t)
        threads.emplace_back([mine = first] {
          for (int i = 0; i < 1000; ++i) {
            const Ref<Thing> again = mine;
            EXPECT_GE(again->use_count(), 2);
          }
        });
      first = nullptr;
      for (std::thread& thread : threads) thread.join();
    }
    ASSERT_EQ(gone, 1);
  }
}

}  // namespace
}  // namespace autograd
