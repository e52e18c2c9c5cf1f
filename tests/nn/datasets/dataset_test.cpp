#include "nn/datasets/dataset.h"

#include <gmock/gmock.h>

#include "nn/datasets/concatenated_dataset.h"
#include "nn/datasets/sub_dataset.h"
#include "nn/datasets/transform_dataset.h"
#include "nn/datasets/tuple_dataset.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::datasets {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using testing::ElementsAre;

// Example i is the one number 10 + i and the label i.
TupleDataset tens(std::int64_t n) {
  std::vector<float> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(float(10 + i));
  return TupleDataset(Array::from(std::span<const float>(x), Shape{n, 1}),
                      Array::arange(n, Dtype::int32));
}

std::vector<std::int64_t> labels(const Dataset& dataset) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 0; i < dataset.size(); ++i)
    all.push_back(std::int64_t(dataset[i][1].array().item()));
  return all;
}

TEST(TupleDataset, GivesExamplesAndBatches) {
  const TupleDataset dataset(Array::arange(12, Dtype::float32).reshape({4, 3}).transpose(),
                             Array::of<std::int32_t>({7, 8, 9}));
  EXPECT_EQ(dataset.size(), 3);
  EXPECT_THAT(dataset[1][0].array().to_vector<float>(), ElementsAre(1, 4, 7, 10));
  EXPECT_EQ(dataset[-1][1].array().item(), 9);

  const std::int64_t indices[] = {2, 0, 2};
  const Arrays batch = concat_examples(dataset.get_examples(indices)).arrays();
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch[0].shape(), (Shape{3, 4}));
  EXPECT_THAT(batch[0].to_vector<float>(), ElementsAre(2, 5, 8, 11, 0, 3, 6, 9, 2, 5, 8, 11));
  EXPECT_THAT(batch[1].to_vector<std::int32_t>(), ElementsAre(9, 7, 9));
  for (const std::int64_t i : {std::int64_t{-1}, dataset.size(), std::int64_t{1} << 62})
    EXPECT_EQ(message_of([&] { dataset.get_examples(std::vector{i}); }),
              "TupleDataset: the index must lie in [0, " + std::to_string(dataset.size()) +
                  "), but it is " + std::to_string(i));
  const Arrays plain = concat_examples(dataset.Dataset::get_examples(indices)).arrays();
  EXPECT_TRUE(array_equal(plain[0], batch[0]));
  EXPECT_TRUE(array_equal(plain[1], batch[1]));
}

TEST(TupleDataset, RefusesArraysOfOtherLengths) {
  EXPECT_EQ(message_of<Error>([] { TupleDataset(Array::arange(3), Array::arange(4)); }),
            "TupleDataset: the arrays must have equal lengths along axis 0, but they are "
            "[int64(3), int64(4)]");
  EXPECT_EQ(
      message_of<Error>([] { TupleDataset(Array::scalar(1.f)); }),
      "TupleDataset: the arrays must have equal lengths along axis 0, but they are [float32()]");
  EXPECT_EQ(message_of<Error>([] { TupleDataset(Arrays{}); }),
            "TupleDataset: the arrays must have equal lengths along axis 0, but they are []");
  EXPECT_EQ(message_of<Error>([] { tens(3)[3]; }),
            "dataset: the index must lie within the 3 examples, but it is 3");
  EXPECT_EQ(message_of<Error>([] { tens(3)[-4]; }),
            "dataset: the index must lie within the 3 examples, but it is -4");
}

TEST(ConcatExamples, PadsAtTheEnds) {
  const std::vector<Arrays> examples = {{Array::of<std::int32_t>({1, 2}), Array::scalar(5.f)},
                                        {Array::of<std::int32_t>({3}), Array::scalar(6.f)},
                                        {Array::zeros({0}, Dtype::int32), Array::scalar(7.f)}};
  const Arrays batch = concat_examples(examples, 100).arrays();
  EXPECT_EQ(batch[0].shape(), (Shape{3, 2}));
  EXPECT_THAT(batch[0].to_vector<std::int32_t>(), ElementsAre(1, 2, 3, 100, 100, 100));
  EXPECT_THAT(batch[1].to_vector<float>(), ElementsAre(5, 6, 7));
  EXPECT_EQ(message_of<Error>([&] { concat_examples(examples); }),
            "concat_examples: all examples must have one dtype and one shape, but item 0 is "
            "int32(2) in one and int32(1) in another");
}

TEST(ConcatExamples, RefusesWhatIsNoBatch) {
  EXPECT_EQ(message_of<Error>([] { concat_examples(Batch()); }),
            "concat_examples: a batch must have at least one example, but it has none");
  const std::vector<Arrays> uneven = {{Array::arange(2)}, {Array::arange(2), Array::arange(2)}};
  EXPECT_EQ(message_of<Error>([&] { concat_examples(uneven); }),
            "concat_examples: all examples must have the same number of items, but one is a tuple "
            "of 1 and another a tuple of 2");
  const std::vector<Arrays> mixed = {{Array::arange(2)}, {Array::zeros({2, 2}, Dtype::int64)}};
  EXPECT_EQ(message_of<Error>([&] { concat_examples(mixed, 0); }),
            "concat_examples: all examples must have one dtype and one number of axes, but item 0 "
            "is int64(2) in one and int64(2, 2) in another");
}

TEST(SubDataset, TakesAPartInAnOrder) {
  const SubDataset part(tens(5), 1, 4), shuffled(tens(5), 1, 4, SubDataset::Order{4, 3, 2, 1, 0});
  EXPECT_THAT(labels(part), ElementsAre(1, 2, 3));
  EXPECT_THAT(labels(shuffled), ElementsAre(3, 2, 1));
  const std::int64_t indices[] = {2, 0};
  EXPECT_THAT(concat_examples(shuffled.get_examples(indices))[0].array().to_vector<float>(),
              ElementsAre(11, 13));
  EXPECT_THAT(labels(SubDataset(part, 1, 3)), ElementsAre(2, 3));
}

// The numbers are those that Chainer gives.
TEST(SubDataset, SplitsAsChainerDoes) {
  const auto [a, b] = split_dataset_random(tens(10), 4, 3);
  EXPECT_THAT(labels(a), ElementsAre(5, 4, 1, 2));
  EXPECT_THAT(labels(b), ElementsAre(9, 6, 7, 0, 3, 8));
  const auto splits = get_cross_validation_datasets(tens(7), 3);
  ASSERT_EQ(splits.size(), 3u);
  EXPECT_THAT(labels(splits[0].first), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(labels(splits[0].second), ElementsAre(4, 5, 6));
  EXPECT_THAT(labels(splits[1].first), ElementsAre(4, 5, 6, 0, 1));
  EXPECT_THAT(labels(splits[1].second), ElementsAre(2, 3));
  EXPECT_THAT(labels(splits[2].first), ElementsAre(2, 3, 4, 5, 6));
  EXPECT_THAT(labels(splits[2].second), ElementsAre(0, 1));
  const auto thirds = split_dataset_n(tens(7), 3);
  EXPECT_THAT(labels(thirds[2]), ElementsAre(4, 5));
  EXPECT_EQ(split_dataset_n_random(tens(7), 2)[1].size(), 3);
}

TEST(SubDataset, RefusesPartsThatAreNotThere) {
  EXPECT_EQ(message_of<Error>([] { SubDataset(tens(3), 1, 4); }),
            "SubDataset: the subset must lie within the 3 examples, but it is [1, 4)");
  EXPECT_EQ(message_of<Error>([] { SubDataset(tens(3), 0, 2, SubDataset::Order{0}); }),
            "SubDataset: the order must have an index for each of the 3 examples, but it has 1");
  EXPECT_EQ(message_of<Error>([] {
              SubDataset(tens(2), 0, 2, SubDataset::Order{0, 2});
            }),
            "SubDataset: the order must hold indices below 2, but it holds 2");
  EXPECT_EQ(message_of<Error>([] { split_dataset(tens(3), 4); }),
            "split_dataset: the split must lie within the 3 examples, but it is at 4");
  EXPECT_EQ(message_of<Error>([] { split_dataset_n(tens(3), 0); }),
            "split_dataset_n: there must be at least one part, but 0 are wanted");
}

TEST(ConcatenatedDataset, GoesFromOneToTheNext) {
  const ConcatenatedDataset both({tens(2), tens(0), tens(3)});
  EXPECT_THAT(labels(both), ElementsAre(0, 1, 0, 1, 2));
  const std::int64_t indices[] = {4, 1};
  EXPECT_THAT(concat_examples(both.get_examples(indices))[0].array().to_vector<float>(),
              ElementsAre(12, 11));
}

TEST(TransformDataset, MakesEachExampleAnew) {
  const TransformDataset flipped(tens(3), [](Arrays example) {
    return Arrays{example[1], example[0]};
  });
  EXPECT_EQ(flipped[2][0].array().dtype(), Dtype::int32);
  const std::int64_t indices[] = {2, 1};
  EXPECT_THAT(concat_examples(flipped.get_examples(indices))[1].array().to_vector<float>(),
              ElementsAre(12, 11));
}

}  // namespace
}  // namespace nn::datasets
