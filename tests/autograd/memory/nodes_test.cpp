#include "autograd/memory/nodes.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "autograd/memory/sanitizer.h"

namespace autograd::nodes {
namespace {

// Every block is writable in full, aligned, and nobody else's.
TEST(Nodes, GivesBlocksOfTheirOwn) {
  for (const std::size_t bytes : {0, 1, 15, 16, 17, 100, 1023, 1024, 1025, 5000}) {
    std::vector<unsigned char*> blocks;
    for (int i = 0; i < 3000; ++i) {
      auto* block = static_cast<unsigned char*>(allocate(bytes));
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0u);
      std::memset(block, i % 256, bytes);
      blocks.push_back(block);
    }
    for (int i = 0; i < 3000; ++i)
      for (std::size_t k = 0; k < bytes; ++k) ASSERT_EQ(blocks[std::size_t(i)][k], i % 256);
    for (unsigned char* block : blocks) release(block, bytes);
  }
}

TEST(Nodes, GivesABlockAgain) {
  if (!kKeepBlocks) return;
  void* first = allocate(40);
  release(first, 40);
  EXPECT_EQ(allocate(48), first);  // of the same class
  release(first, 48);
}

// What one thread makes and another lets go comes back to the first in the end: memory stays
// bounded.
TEST(Nodes, BlocksWanderBetweenThreads) {
  if (!kKeepBlocks) return;
  constexpr int kRounds = 20, kBlocks = 5000;
  std::set<void*> seen;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<void*> blocks;
    for (int i = 0; i < kBlocks; ++i) blocks.push_back(allocate(200));
    seen.insert(blocks.begin(), blocks.end());
    std::thread([&] {
      for (void* block : blocks) release(block, 200);
    }).join();
  }
  EXPECT_LT(seen.size(), 3u * kBlocks);
}

TEST(Nodes, HoldLists) {
  std::vector<int, Allocator<int>> numbers;
  for (int i = 0; i < 10000; ++i) numbers.push_back(i);
  EXPECT_EQ(numbers[9999], 9999);
}

}  // namespace
}  // namespace autograd::nodes
