#include "autograd/memory/blocks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

namespace autograd::memory {
namespace {

TEST(Memory, BlocksAreAlignedAndApart) {
  std::vector<std::pair<char*, std::size_t>> blocks;
  for (std::size_t bytes :
       {0ul, 1ul, 63ul, 64ul, 65ul, 511ul, 512ul, 513ul, 1000ul, 4097ul, 100000ul, 1234567ul}) {
    auto* p = static_cast<char*>(allocate(bytes));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(p) % kAlignment, 0u);
    std::memset(p, static_cast<int>(blocks.size()), bytes);
    blocks.emplace_back(p, bytes);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    for (std::size_t k = 0; k < blocks[i].second; ++k)
      ASSERT_EQ(blocks[i].first[k], static_cast<char>(i));
  for (auto [p, bytes] : blocks) release(p, bytes);
}

TEST(Memory, EveryByteOfEverySizeIsThere) {
  for (std::size_t bytes = 0; bytes < 3000; bytes += 7) {
    void* p = allocate(bytes);
    std::memset(p, 1, bytes);
    release(p, bytes);
  }
}

TEST(Memory, StatisticsBalance) {
  const Stats before = stats();
  void* p = allocate(10000);
  const std::size_t held = stats().in_use - before.in_use;
  EXPECT_GE(held, 10000u);
  EXPECT_LE(held, 10000u + 10000u / 7 + kAlignment);  // an eighth of a block at most is lost
  release(p, 10000);
  EXPECT_EQ(stats().in_use, before.in_use);
  release_cached();
  EXPECT_EQ(stats().cached, 0u);
}

TEST(Memory, AFreedBlockIsUsedAgain) {
  void* p = allocate(300000);
  release(p, 300000);
  if (stats().cached == 0) GTEST_SKIP() << "blocks are not kept under AddressSanitizer";
  void* q = allocate(300001);
  EXPECT_EQ(p, q);
  release(q, 300001);
}

// Of all sizes: from malloc, cut from slabs, and with pages of their own.
TEST(Memory, BlocksThatWereGivenBackToTheSystemCanBeUsedAgain) {
  const std::vector<std::size_t> sizes{1000, 16 << 10, 100000, 1568000, 4 << 20, 5000001, 40000000};
  for (int round = 0; round < 3; ++round) {
    std::vector<std::pair<char*, std::size_t>> blocks;
    for (std::size_t bytes : sizes)
      for (int k = 0; k < 3; ++k) {
        auto* p = static_cast<char*>(allocate(bytes));
        std::memset(p, static_cast<int>(blocks.size()) + 1, bytes);
        blocks.emplace_back(p, bytes);
      }
    for (std::size_t i = 0; i < blocks.size(); ++i)
      for (std::size_t k = 0; k < blocks[i].second; k += 61)
        ASSERT_EQ(blocks[i].first[k], static_cast<char>(i + 1));
    for (auto [p, bytes] : blocks) release(p, bytes);
    release_cached();
    EXPECT_EQ(stats().cached, 0u);
  }
}

TEST(Memory, ManyThreadsMayAllocate) {
  const std::size_t before = stats().in_use;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (std::size_t k = 0; k < 2000; ++k) {
        const std::size_t bytes = (k * 37 + static_cast<std::size_t>(t)) % 5000;
        auto* p = static_cast<char*>(allocate(bytes));
        std::memset(p, t, bytes);
        for (std::size_t i = 0; i < bytes; i += 64) ASSERT_EQ(p[i], t);
        release(p, bytes);
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(stats().in_use, before);
}

#if !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)  // whose allocators end the program instead
TEST(Memory, ARequestThatCannotBeMetThrowsAndChangesNothing) {
  const std::size_t before = stats().in_use;
  EXPECT_THROW(allocate(std::size_t{1} << 60), std::bad_alloc);
  EXPECT_EQ(stats().in_use, before);
}
#endif

}  // namespace
}  // namespace autograd::memory
