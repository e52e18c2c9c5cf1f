#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <string>

#include "autograd/machine/worker.h"
#include "nn/datasets/dataset.h"
#include "nn/iterators/epoch_order.h"
#include "nn/iterators/iterator.h"

namespace nn::iterators {

// Reads examples in threads of its own, ahead of the training: while one batch is computed with, the
// next ones are read. It gives the same batches, in the same order, as SerialIterator for the same
// seed, draws from the random generator at the same moments, and has the same snapshots.
//
// At most n_prefetch batches are read ahead, and none beyond the end of an epoch that is followed by
// a new random order. An exception that the dataset throws is thrown by the next() that would have
// given the example. The dataset's get_example() is called by several threads at once. It has the
// caller's autograd::config(), and a random generator of its own in each call, which depends on the
// state of random::generator() when the iterator was made, on the epoch and on the example, but not
// on the threads.
class PrefetchIterator : public Iterator {
 public:
  ~PrefetchIterator() override;

  std::optional<Batch> next() override;
  void reset() override;
  // Ends the threads, after the examples that they are reading. next() starts them again.
  void finalize() override;

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

  void serialize(Serializer& s) override;

 protected:
  PrefetchIterator(const std::string& op, datasets::AnyDataset dataset, std::int64_t batch_size,
                   IteratorOptions options, int threads, std::int64_t n_prefetch);

 private:
  struct Pending;

  void launch(std::int64_t index);
  void forget();

  datasets::AnyDataset dataset_;
  EpochOrder order_;
  int threads_;
  std::int64_t n_prefetch_;
  std::uint32_t seed_[2];
  std::deque<std::shared_ptr<Pending>> pending_;  // in the order in which they will be given
  std::int64_t launched_ = 0;                     // since the beginning, for the generators
  std::unique_ptr<autograd::parallel::Workers> workers_;  // ends before what it works on
};

}  // namespace nn::iterators
