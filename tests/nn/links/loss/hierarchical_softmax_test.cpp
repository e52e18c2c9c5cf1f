#include "nn/links/loss/hierarchical_softmax.h"

#include <gmock/gmock.h>

#include <cmath>

#include "autograd/autograd.h"
#include "autograd/testing/gradient_check.h"
#include "tests/message.h"
#include "tests/nn/links/arrays.h"

namespace nn {
namespace {

using Loss = BinaryHierarchicalSoftmax;

TEST(HuffmanTree, JoinsTheRarestFirst) {
  // What Chainer makes of these counts.
  EXPECT_TRUE(Loss::create_huffman_tree({{0, 8}, {1, 5}, {2, 6}, {3, 4}}) ==
              (WordTree{{3, 1}, {2, 0}}));
  EXPECT_TRUE(Loss::create_huffman_tree({{0, 1}, {1, 1}, {2, 9}, {3, 2}, {4, 3}}) ==
              (WordTree{{4, {{0, 1}, 3}}, 2}));
  // Ties.
  EXPECT_TRUE(Loss::create_huffman_tree({{0, 1}, {1, 1}, {2, 1}, {3, 1}}) ==
              (WordTree{{0, 1}, {2, 3}}));
  EXPECT_TRUE(Loss::create_huffman_tree({{0, 5}}) == WordTree(0));
  EXPECT_EQ(message_of([] { Loss::create_huffman_tree({}); }),
            "create_huffman_tree: there must be a word with a count, but there is none");
}

TEST(BinaryHierarchicalSoftmax, GivesProbabilitiesOfAllWords) {
  autograd::random::seed(0);
  Loss loss(3, {{0, 4}, {{2, 3}, 1}});
  EXPECT_EQ(loss.W.shape(), (Shape{4, 3}));
  const Array x = counted({1, 3}, 0.3F);
  double total = 0;
  for (std::int32_t word = 0; word < 5; ++word)
    total += std::exp(-loss(x, Array::of<std::int32_t>({word})).item());
  EXPECT_NEAR(total, 1, 1e-6);
}

TEST(BinaryHierarchicalSoftmax, SumsOverTheBatchAndSkipsWordsThatAreNotThere) {
  Loss loss(3, {0, 2});
  const Array x = counted({2, 3}, 0.3F);
  const double first = loss(x.slice(0, 0, 1), Array::of<std::int32_t>({0})).item();
  const double second = loss(x.slice(0, 1, 1), Array::of<std::int32_t>({2})).item();
  EXPECT_NEAR(loss(x, Array::of<std::int32_t>({0, 2})).item(), first + second, 1e-6);
  EXPECT_NEAR(loss(x, Array::of<std::int32_t>({0, 1})).item(), first, 1e-6);
  EXPECT_EQ(loss(Array::zeros({0, 3}, Dtype::float32), Array::zeros({0}, Dtype::int32)).item(), 0);
  EXPECT_EQ(Loss(3, 0)(x, Array::of<std::int32_t>({0, 0})).item(), 0);  // certain
}

TEST(BinaryHierarchicalSoftmax, HasGradientsOfBothOrders) {
  Loss loss(3, {{0, 1}, {2, 3}});
  const Array t = Array::of<std::int32_t>({0, 3, 1}), x = counted({3, 3}, 0.2F);
  const Array W = loss.W.array().astype(Dtype::float64);
  const auto f = [&](const Variable& rows, const Variable& weights) {
    Variable& place = loss.W;
    const Variable before = place;
    place = weights;
    const Variable y = loss(rows, t);
    place = before;
    return y;
  };
  autograd::testing::check_backward(f, {x.astype(Dtype::float64), W});
  autograd::testing::check_double_backward(f, {x.astype(Dtype::float64), W});
}

TEST(BinaryHierarchicalSoftmax, SaysWhatIsWrong) {
  EXPECT_EQ(
      message_of([] {
        Loss(3, {0, 0});
      }),
      "BinaryHierarchicalSoftmax: the words of a tree must be different and not negative, but "
      "0 is there twice");
  EXPECT_EQ(
      message_of([] {
        Loss(3, {0, -1});
      }),
      "BinaryHierarchicalSoftmax: the words of a tree must be different and not negative, but "
      "-1 is one of them");
  Loss loss(3, {0, 1});
  EXPECT_EQ(message_of([&] {
              loss(ones({1, 3}), Array::of<std::int32_t>({2}));
            }),
            "BinaryHierarchicalSoftmax: each t must be in [0, 1], but one is 2");
  EXPECT_THAT(message_of([&] {
                loss(ones({2, 3}), Array::of<std::int32_t>({1}));
              }),
              ::testing::StartsWith(
                  "BinaryHierarchicalSoftmax: t must hold an integer for each row of x, but "));
}

}  // namespace
}  // namespace nn
