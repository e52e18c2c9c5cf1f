#include "nn/links/loss/hierarchical_softmax.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>

#include "autograd/base/check.h"
#include "autograd/functions/activation/activation.h"
#include "autograd/functions/connection/connection.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "nn/initializers/initializers.h"

namespace nn::inline links {
namespace {

struct Way {
  std::vector<std::int32_t> path, code;
};

// The ways from the root to all words.
class Ways {
 public:
  explicit Ways(const WordTree& tree) { walk(tree); }

  std::map<std::int64_t, Way> all;
  std::int32_t nodes = 0;

 private:
  void walk(const WordTree& node) {
    if (node.is_leaf()) {
      if (node.word() < 0 || all.contains(node.word()))
        throw autograd::Error(
            fmt::format("BinaryHierarchicalSoftmax: the words of a tree must be different and not "
                        "negative, but {} is {}",
                        node.word(), node.word() < 0 ? "one of them" : "there twice"));
      all[node.word()] = here_;
      return;
    }
    here_.path.push_back(nodes++);
    here_.code.push_back(1);
    walk(node.left());
    here_.code.back() = -1;
    walk(node.right());
    here_.path.pop_back();
    here_.code.pop_back();
  }
  Way here_;
};

}  // namespace

BinaryHierarchicalSoftmax::BinaryHierarchicalSoftmax(std::int64_t in_size, const WordTree& tree) {
  if (in_size < 1)
    throw autograd::Error(fmt::format(
        "BinaryHierarchicalSoftmax: in_size must be at least 1, but it is {}", in_size));
  const Ways ways(tree);
  begins_.push_back(0);
  for (const auto& [word, way] : ways.all) {
    words_.push_back(word);
    paths_.insert(paths_.end(), way.path.begin(), way.path.end());
    codes_.insert(codes_.end(), way.code.begin(), way.code.end());
    begins_.push_back(paths_.size());
  }
  W = Parameter(initializers::Uniform(1), Shape{ways.nodes, in_size});
  name_parameters();
}

WordTree BinaryHierarchicalSoftmax::create_huffman_tree(
    const std::vector<std::pair<std::int64_t, double>>& word_counts) {
  if (word_counts.empty())
    throw autograd::Error(
        "create_huffman_tree: there must be a word with a count, but there is none");
  using Entry = std::tuple<double, std::size_t, WordTree>;
  const auto later = [](const Entry& a, const Entry& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) > std::tie(std::get<0>(b), std::get<1>(b));
  };
  std::priority_queue<Entry, std::vector<Entry>, decltype(later)> queue(later);
  for (std::size_t i = 0; i < word_counts.size(); ++i)
    queue.emplace(word_counts[i].second, i, word_counts[i].first);
  const auto take = [&] {
    const Entry least = queue.top();
    queue.pop();
    return least;
  };
  while (queue.size() > 1) {
    const auto [count1, place1, tree1] = take();
    const auto [count2, place2, tree2] = take();
    queue.emplace(count1 + count2, std::min(place1, place2), WordTree(tree1, tree2));
  }
  return std::get<2>(queue.top());
}

Variable BinaryHierarchicalSoftmax::operator()(const Variable& x, autograd::ArrayLike t) {
  const Array& words = t.array();
  autograd::Check("BinaryHierarchicalSoftmax", {{"x", x}, {"t", words}})
      .that(x.ndim() == 2 && words.ndim() == 1 && words.length(0) == x.length(0) &&
                is_integer(words.dtype()),
            "t must hold an integer for each row of x");
  std::vector<std::int32_t> rows, nodes;
  std::vector<double> codes;
  std::int32_t row = 0;
  for (const std::int64_t word : words.astype(Dtype::int64).to_vector<std::int64_t>()) {
    if (word < 0 || word > words_.back())
      throw autograd::Error(
          fmt::format("BinaryHierarchicalSoftmax: each t must be in [0, {}], but one is {}",
                      words_.back(), word));
    const auto found = std::lower_bound(words_.begin(), words_.end(), word);
    const auto k = static_cast<std::size_t>(found - words_.begin());
    for (std::size_t i = begins_[k]; *found == word && i < begins_[k + 1]; ++i) {
      rows.push_back(row);
      nodes.push_back(paths_[i]);
      codes.push_back(codes_[i]);
    }
    ++row;
  }
  const auto array = []<class T>(const std::vector<T>& values) {
    return Array::from(std::span<const T>(values));
  };
  const auto forward = [&] {
    const Variable xs = autograd::embed_id(array(rows), x),
                   ws = autograd::embed_id(array(nodes), W);
    const Variable code = autograd::as_variable(array(codes).astype(x.dtype()));
    return autograd::sum(autograd::softplus(-(autograd::sum(xs * ws, 1) * code)));
  };
  return hooked(forward, x, words);
}

}  // namespace nn::inline links
