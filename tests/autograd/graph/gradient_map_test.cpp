#include "autograd/graph/gradient_map.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <random>
#include <vector>

namespace autograd {
namespace {

// Entries come and go in any order, and each node finds its own.
TEST(GradientMap, FindsWhatIsThereAndNothingElse) {
  const Array number = Array::scalar(1.0);
  std::vector<std::unique_ptr<VariableNode>> nodes;
  std::vector<Variable> expected(300);
  for (std::size_t i = 0; i < expected.size(); ++i)
    nodes.push_back(std::make_unique<VariableNode>(number, true));
  GradientMap map;
  std::mt19937 random(0);
  for (const std::size_t at_most : {3u, 20u, 300u, 5u})
    for (int step = 0; step < 3000; ++step) {
      const std::size_t i = random() % at_most;
      if (expected[i]) {
        map.erase(map.find(nodes[i].get()));
        expected[i] = {};
      } else {
        expected[i] = Variable(number);
        map.insert(nodes[i].get(), expected[i]);
      }
      if (step % 50 != 0) continue;
      for (std::size_t k = 0; k < expected.size(); ++k) {
        const GradientMap::Entry* found = map.find(nodes[k].get());
        ASSERT_EQ(found != nullptr, static_cast<bool>(expected[k]));
        if (found != nullptr) {
          ASSERT_TRUE(found->gradient.is(expected[k]));
        }
      }
    }
}

}  // namespace
}  // namespace autograd
