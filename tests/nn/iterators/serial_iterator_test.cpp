#include "nn/iterators/serial_iterator.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "autograd/base/random.h"
#include "nn/datasets/tuple_dataset.h"
#include "nn/files/npz.h"
#include "nn/serializers/save_load.h"
#include "tests/folder.h"
#include "tests/message.h"
#include "tests/paths.h"

namespace nn::iterators {
namespace {

using autograd::Array;
using autograd::Error;
using datasets::TupleDataset;
using testing::ElementsAre;

const std::string kChainer = source_path("tests/golden/chainer_files/");

// The numbers 10, 11, ...
TupleDataset numbers(std::int64_t n) {
  std::vector<std::int32_t> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(std::int32_t(10 + i));
  return TupleDataset(Array::from(std::span<const std::int32_t>(x)));
}

std::vector<std::int32_t> batch(SerialIterator& it) {
  const auto next = it.next();
  return next ? datasets::concat_examples(*next)[0].array().to_vector<std::int32_t>()
              : std::vector<std::int32_t>{-1};
}

// SerialIterator(dataset, batch_size, repeat, shuffle)
TEST(SerialIterator, TakesChainersArgumentsByPosition) {
  SerialIterator once(numbers(3), 2, false, false);
  EXPECT_FALSE(once.repeat());
  EXPECT_THAT(batch(once), ElementsAre(10, 11));
  EXPECT_THAT(batch(once), ElementsAre(12));
  EXPECT_THAT(batch(once), ElementsAre(-1));
  SerialIterator in_order(numbers(3), 2, true, false);
  batch(in_order);
  EXPECT_THAT(batch(in_order), ElementsAre(12, 10));
  EXPECT_TRUE(SerialIterator(numbers(3), 2, true).repeat());
}

// What Chainer's iterator gives after numpy.random.seed(7).
TEST(SerialIterator, VisitsInChainersOrder) {
  autograd::random::seed(7);
  SerialIterator it(numbers(11), 4);
  EXPECT_FALSE(it.previous_epoch_detail());
  struct {
    std::vector<std::int32_t> batch;
    std::int64_t epoch;
    bool is_new_epoch;
    std::int64_t position;
  } const expected[] = {{{18, 15, 10, 12}, 0, false, 4}, {{11, 20, 17, 13}, 0, false, 8},
                        {{16, 19, 14, 11}, 1, true, 1},  {{13, 12, 15, 19}, 1, false, 5},
                        {{10, 14, 16, 17}, 1, false, 9}, {{18, 20, 14, 12}, 2, true, 2},
                        {{16, 11, 20, 17}, 2, false, 6}};
  double before = 0;
  for (const auto& e : expected) {
    EXPECT_EQ(batch(it), e.batch);
    EXPECT_EQ(it.epoch(), e.epoch);
    EXPECT_EQ(it.is_new_epoch(), e.is_new_epoch);
    EXPECT_EQ(it.current_position(), e.position);
    EXPECT_DOUBLE_EQ(it.epoch_detail(), double(e.epoch) + double(e.position) / 11);
    EXPECT_EQ(it.previous_epoch_detail(), before);
    before = it.epoch_detail();
  }
}

TEST(SerialIterator, StopsAfterAnEpochIfItDoesNotRepeat) {
  autograd::random::seed(7);
  SerialIterator it(numbers(11), 4, {.repeat = false});
  EXPECT_THAT(batch(it), ElementsAre(18, 15, 10, 12));
  EXPECT_THAT(batch(it), ElementsAre(11, 20, 17, 13));
  EXPECT_THAT(batch(it), ElementsAre(16, 19, 14));
  EXPECT_TRUE(it.is_new_epoch());
  EXPECT_EQ(it.epoch_detail(), 1);
  EXPECT_FALSE(it.next());
  EXPECT_FALSE(it.next());
  it.reset();
  EXPECT_EQ(it.epoch(), 0);
  EXPECT_EQ(batch(it).size(), 4u);
}

TEST(SerialIterator, FillsABatchFromSeveralEpochs) {
  autograd::random::seed(7);
  SerialIterator it(numbers(3), 8);
  EXPECT_THAT(batch(it), ElementsAre(12, 11, 10, 10, 11, 12, 12, 11));
  EXPECT_THAT(batch(it), ElementsAre(10, 10, 11, 12, 12, 11, 10, 11));
  EXPECT_EQ(it.epoch(), 5);
}

TEST(SerialIterator, KeepsTheOrderWithoutShuffleAndDrawsNothing) {
  autograd::random::seed(7);
  const auto state = autograd::random::generator().state();
  SerialIterator it(numbers(3), 2, {.shuffle = false});
  EXPECT_THAT(batch(it), ElementsAre(10, 11));
  EXPECT_THAT(batch(it), ElementsAre(12, 10));
  EXPECT_TRUE(autograd::random::generator().state() == state);
}

TEST(SerialIterator, AsksAnOrderSampler) {
  std::vector<std::int64_t> positions;
  const auto reverse = [&](Order order, std::int64_t position) {
    positions.push_back(position);
    std::ranges::reverse(order);
    return order;
  };
  SerialIterator it(numbers(3), 2, {.order_sampler = reverse});
  EXPECT_THAT(batch(it), ElementsAre(12, 11));
  EXPECT_THAT(batch(it), ElementsAre(10, 10));
  EXPECT_THAT(positions, ElementsAre(0, 2));

  // An epoch may have fewer examples than the dataset, but all epochs have equally many.
  const auto two = [](const Order&, std::int64_t) { return Order{2, 0}; };
  SerialIterator two_of_three(numbers(3), 2, {.order_sampler = two});
  EXPECT_THAT(batch(two_of_three), ElementsAre(12, 10));
  EXPECT_EQ(two_of_three.epoch_detail(), 1);
  EXPECT_EQ(two_of_three.epoch_size(), 2);
  const auto fewer = [](const Order& order, std::int64_t) {
    return Order(order.begin(), order.end() - 1);
  };
  SerialIterator shrinking(numbers(3), 2, {.order_sampler = fewer});
  EXPECT_EQ(message_of<Error>([&] { shrinking.next(); }),
            "SerialIterator: an order must be as long as the previous order, but it has 1 indices "
            "and the previous order 2");
}

TEST(SerialIterator, RefusesWhatCannotBeWalked) {
  EXPECT_EQ(message_of<Error>([] { SerialIterator(numbers(3), 0); }),
            "SerialIterator: batch_size must be at least 1, but it is 0");
  SerialIterator nothing(numbers(0), 2);
  EXPECT_EQ(message_of<Error>([&] { nothing.next(); }),
            "SerialIterator: a dataset to be repeated must have examples, but it has none");
}

TEST(SerialIterator, GoesOnFromChainersSnapshot) {
  SerialIterator it(TupleDataset(Array::arange(11)), 4);
  serializers::load_npz(kChainer + "snapshot_iter_6", it, {.path = "updater/iterator:main"});
  EXPECT_EQ(it.epoch(), 2);
  EXPECT_TRUE(it.is_new_epoch());
  const Array rows = NpzReader(kChainer + "resume.npz").array("batch");
  for (std::int64_t i = 0; i < 2; ++i)
    EXPECT_EQ(datasets::concat_examples(*it.next())[0].array().to_vector<std::int64_t>(),
              rows.select(0, i).to_vector<std::int64_t>());
}

TEST(SerialIterator, GoesOnFromItsOwnSnapshot) {
  autograd::random::seed(3);
  SerialIterator it(numbers(11), 4), other(numbers(11), 4);
  it.next(), it.next();
  serializers::load(serializers::save(serializers::serialize_of(it)),
                    serializers::serialize_of(other));
  EXPECT_EQ(other.previous_epoch_detail(), it.previous_epoch_detail());
  const auto state = autograd::random::generator().state();
  const auto next = batch(it);
  autograd::random::generator().set_state(state);
  EXPECT_EQ(batch(other), next);
  EXPECT_EQ(other.epoch(), 1);
}

TEST(SerialIterator, ReadsOlderSnapshots) {
  SerialIterator it(numbers(4), 2);
  auto d = serializers::save(serializers::serialize_of(it));
  d["_order"] = Array::of<std::int64_t>({3, 2, 1, 0});
  d.erase("order");
  d.erase("previous_epoch_detail");
  d["current_position"] = Array::scalar<std::int64_t>(3);
  serializers::load(d, serializers::serialize_of(it));
  EXPECT_EQ(it.previous_epoch_detail(), 0.25);
  EXPECT_EQ(batch(it)[0], 10);
}

TEST(SerialIterator, RefusesADamagedSnapshot) {
  SerialIterator it(numbers(4), 2);
  const auto good = serializers::save(serializers::serialize_of(it));
  const auto refusal = [&](const std::string& key, const Array& value) {
    auto d = good;
    d[key] = value;
    return message_of<Error>([&] { serializers::load(d, serializers::serialize_of(it)); });
  };
  EXPECT_EQ(refusal("order", Array::of<std::int64_t>({0, 1, 2, 4})),
            "SerialIterator: a loaded order must hold indices below 4, but it holds 4");
  EXPECT_EQ(refusal("order", Array::arange(3)),
            "load: order must be of the shape (4), but it is int64(3)");
  EXPECT_EQ(refusal("current_position", Array::scalar<std::int64_t>(5)),
            "SerialIterator: a loaded position must lie within the 4 examples, but it is 5");
}

}  // namespace
}  // namespace nn::iterators
