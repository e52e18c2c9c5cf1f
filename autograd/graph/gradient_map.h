#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "autograd/graph/variable.h"
#include "autograd/memory/nodes.h"

namespace autograd {

// Maps nodes to the gradients that have reached them so far. A hash table with linear probing
// (Knuth, The Art of Computer Programming 3, 6.4), because a backward pass inserts and erases an
// entry for each node.
class GradientMap {
 public:
  struct Entry {
    const VariableNode* node = nullptr;  // null where there is none
    Variable gradient;
    bool owned = false;  // nobody else sees the gradient's array, so that it may be added to
  };

  // Null if there is none. The pointer is valid until the next insert() or erase().
  Entry* find(const VariableNode* node) {
    if (count_ == 0) return nullptr;
    for (std::size_t i = home(node); entries_[i].node != nullptr; i = next(i))
      if (entries_[i].node == node) return &entries_[i];
    return nullptr;
  }

  // Requires that the node has no entry yet.
  void insert(const VariableNode* node, Variable gradient) {
    if (2 * (count_ + 1) > entries_.size()) grow();
    std::size_t i = home(node);
    while (entries_[i].node != nullptr) i = next(i);
    entries_[i] = {node, std::move(gradient), false};
    ++count_;
  }

  // Closes the gap by moving up later entries that were displaced from their home (Knuth's
  // Algorithm R).
  void erase(Entry* entry) {
    auto gap = static_cast<std::size_t>(entry - entries_.data());
    for (std::size_t i = next(gap); entries_[i].node != nullptr; i = next(i)) {
      const std::size_t from_home = (i - home(entries_[i].node)) & (entries_.size() - 1);
      if (from_home < ((i - gap) & (entries_.size() - 1))) continue;
      entries_[gap] = std::move(entries_[i]);
      gap = i;
    }
    entries_[gap] = {};
    --count_;
  }

 private:
  // Fibonacci hashing: the high bits of a product with 2^64 over the golden ratio.
  std::size_t home(const VariableNode* node) const {
    return static_cast<std::size_t>(
        reinterpret_cast<std::uintptr_t>(node) * std::uint64_t{0x9e3779b97f4a7c15} >> shift_);
  }
  std::size_t next(std::size_t i) const { return (i + 1) & (entries_.size() - 1); }
  void grow() {
    Entries old = std::exchange(entries_, Entries(entries_.empty() ? 16 : 2 * entries_.size()));
    shift_ = old.empty() ? 64 - 4 : shift_ - 1;
    for (Entry& entry : old) {
      if (entry.node == nullptr) continue;
      std::size_t i = home(entry.node);
      while (entries_[i].node != nullptr) i = next(i);
      entries_[i] = std::move(entry);
    }
  }

  using Entries = std::vector<Entry, nodes::Allocator<Entry>>;
  Entries entries_;  // their number is a power of two; at most half of them are taken
  std::size_t count_ = 0;
  int shift_ = 0;
};

}  // namespace autograd
