#pragma once

#include <concepts>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "nn/datasets/dataset.h"
#include "nn/iterators/iterator.h"

namespace nn::iterators {

// Visits every example once an epoch, in random order unless told otherwise. Chainer's
// SerialIterator, number by number: the first order is drawn (one permutation of the generator of
// the process) when the iterator is made or reset, the next one when a batch reaches the end of an
// epoch. A repeating iterator fills that batch from the new order, so that all batches are of one
// size; another one ends the epoch with a shorter batch.
class SerialIterator : public Iterator {
 public:
  using Order = std::vector<std::int64_t>;
  // The next epoch's order, as long as the current one, given that and the position reached in it.
  using OrderSampler = std::function<Order(const Order& order, std::int64_t position)>;
  struct Options {
    bool repeat = true;
    bool shuffle = true;
    OrderSampler order_sampler = {};  // instead of a random order
  };

  SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size)
      : SerialIterator(std::move(dataset), batch_size, Options{}) {}
  SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size, Options options);
  template <std::same_as<bool> B>
  SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size, B repeat,
                 bool shuffle = true, OrderSampler order_sampler = {})
      : SerialIterator(
            std::move(dataset), batch_size,
            Options{
                .repeat = repeat, .shuffle = shuffle, .order_sampler = std::move(order_sampler)}) {}

  std::optional<Arrays> next() override;
  // The indices of the next batch instead of the batch, for examples that want to be put together
  // in another way.
  std::optional<Order> next_indices();
  void reset() override;

  bool repeat() const override { return options_.repeat; }
  std::int64_t epoch() const override { return epoch_; }
  bool is_new_epoch() const override { return is_new_epoch_; }
  double epoch_detail() const override;
  std::optional<double> previous_epoch_detail() const override;
  std::int64_t current_position() const { return current_position_; }
  std::int64_t batch_size() const { return batch_size_; }
  const datasets::Dataset& dataset() const { return *dataset_; }

  void serialize(Serializer& s) override;

 private:
  Order sample(const Order& order, std::int64_t position) const;

  datasets::AnyDataset dataset_;
  std::int64_t batch_size_;
  Options options_;

  std::int64_t current_position_ = 0, epoch_ = 0;
  bool is_new_epoch_ = false;
  double previous_epoch_detail_ = -1;  // -1, in files too: none
  Order order_;                        // empty unless the order is sampled
};

}  // namespace nn::iterators
