#pragma once

#include <concepts>
#include <utility>

#include "nn/datasets/dataset.h"
#include "nn/iterators/epoch_order.h"
#include "nn/iterators/iterator.h"

namespace nn::iterators {

// Visits every example once in each epoch, by default in random order, and reads examples in the
// calling thread. Gives the same examples as Chainer's SerialIterator for the same seed; for the
// order see EpochOrder.
class SerialIterator : public Iterator {
 public:
  SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                 IteratorOptions options = {});
  template <std::same_as<bool> B>
  SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size, B repeat,
                 bool shuffle = true, OrderSampler order_sampler = {})
      : SerialIterator(
            std::move(dataset), batch_size,
            IteratorOptions{
                .repeat = repeat, .shuffle = shuffle, .order_sampler = std::move(order_sampler)}) {}

  std::optional<Batch> next() override;
  void reset() override { order_.reset(); }

  bool repeat() const override { return order_.repeat(); }
  std::int64_t epoch() const override { return order_.epoch(); }
  bool is_new_epoch() const override { return order_.is_new_epoch(); }
  double epoch_detail() const override { return order_.epoch_detail(); }
  std::optional<double> previous_epoch_detail() const override {
    return order_.previous_epoch_detail();
  }
  std::optional<std::int64_t> current_position() const override {
    return order_.current_position();
  }
  std::optional<std::int64_t> epoch_size() const override { return order_.epoch_size(); }
  std::int64_t batch_size() const { return order_.batch_size(); }
  const datasets::Dataset& dataset() const { return *dataset_; }

  void serialize(Serializer& s) override { order_.serialize(s); }

 private:
  datasets::AnyDataset dataset_;
  EpochOrder order_;
};

}  // namespace nn::iterators
