#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "autograd/graph/array_like.h"
#include "nn/link.h"

namespace nn::inline links {

// A binary tree whose leaves are words: a number, or {left, right}. A copy is the same tree.
//   const nn::WordTree tree{{0, 1}, {2, 3}};
class WordTree {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): numbers are given as numbers
  WordTree(std::int64_t word) : word_(word) {}
  WordTree(WordTree left, WordTree right)
      : children_(std::make_shared<const Children>(std::move(left), std::move(right))) {}

  bool is_leaf() const { return !children_; }
  std::int64_t word() const { return word_; }  // of a leaf
  const WordTree& left() const { return children_->first; }
  const WordTree& right() const { return children_->second; }
  friend bool operator==(const WordTree& a, const WordTree& b) {
    if (a.is_leaf() || b.is_leaf()) return a.is_leaf() == b.is_leaf() && a.word_ == b.word_;
    return a.left() == b.left() && a.right() == b.right();
  }

 private:
  using Children = std::pair<WordTree, WordTree>;
  std::shared_ptr<const Children> children_;
  std::int64_t word_ = 0;
};

// A softmax over many words in O(log n) time (Morin and Bengio, AISTATS 2005). Each inner node e of
// a binary tree of the words decides between its branches; the way from the root to a word t takes
// the left (b = 1) or the right one (b = -1) at each node e:
//   p(t | x) = product of sigmoid(b w_e x)
// The link returns the loss -log p(t | x), summed over the batch, a scalar. x is (batch, in_size)
// and t (batch), words of the tree. A number below the greatest word that is not in the tree gives
// 0, as in Chainer. The w_e are the rows of W (n_words - 1, in_size), numbered in pre-order and
// drawn from the uniform distribution over [-1, 1).
//
//   nn::BinaryHierarchicalSoftmax loss(
//       3, nn::BinaryHierarchicalSoftmax::create_huffman_tree({{0, 8}, {1, 5}, {2, 6}, {3, 4}}));
class BinaryHierarchicalSoftmax : public Polymorphic<BinaryHierarchicalSoftmax> {
 public:
  // Throws if a word is negative, or twice in the tree.
  BinaryHierarchicalSoftmax(std::int64_t in_size, const WordTree& tree);

  // The Huffman tree of words with these counts. Of equal counts that come first that were given
  // first, a joined node in the place of the earlier of its branches.
  static WordTree create_huffman_tree(
      const std::vector<std::pair<std::int64_t, double>>& word_counts);

  Variable operator()(const Variable& x, autograd::ArrayLike t);
  void list(Members& members) override { members("W", W); }

  Parameter W;

 private:
  // The way to word words_[k], in rising order, are the nodes paths_[i], and the branches codes_[i]
  // that are taken there, for i in [begins_[k], begins_[k + 1]).
  std::vector<std::int64_t> words_;
  std::vector<std::int32_t> paths_, codes_;
  std::vector<std::size_t> begins_;
};

}  // namespace nn::inline links
