#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace autograd::random {
class Generator;
}

namespace nn {
class Serializer;
}

namespace nn::iterators {

// Indices of examples.
using Order = std::vector<std::int64_t>;
// A function that returns the order of the next epoch, given the current order and the position
// reached in it. Both orders must have the same length.
using OrderSampler = std::function<Order(const Order& order, std::int64_t position)>;

// Draws a permutation for each epoch: what `shuffle` does, with a generator of its own, if one is
// given, which must outlive it. chainer.iterators.ShuffleOrderSampler.
//   SerialIterator it(train, 100, {.order_sampler = ShuffleOrderSampler(generator)});
class ShuffleOrderSampler {
 public:
  ShuffleOrderSampler() = default;
  explicit ShuffleOrderSampler(autograd::random::Generator& generator) : generator_(&generator) {}
  Order operator()(const Order& order, std::int64_t position) const;

 private:
  autograd::random::Generator* generator_ = nullptr;  // null: random::generator()
};

// The arguments of Chainer's iterators.
struct IteratorOptions {
  bool repeat = true;
  // Whether to shuffle the order: one permutation for each epoch, drawn from random::generator().
  bool shuffle = true;
  OrderSampler order_sampler = {};  // gives it instead
};

// The part of an iterator that draws the order of examples and counts epochs. A custom iterator can
// have an EpochOrder as a member, read the examples at the indices that next() returns, and
// serialize it.
//
// An order is drawn when the object is made or reset, and when a batch reaches the end of an epoch.
// If the object repeats, it fills this batch from the new order, so that all batches have one size;
// otherwise the last batch of the epoch may be shorter. This is what Chainer's iterators do.
class EpochOrder {
 public:
  // Error messages begin with `op`. batch_size must be in [1, 2^31).
  EpochOrder(std::string op, std::int64_t examples, std::int64_t batch_size,
             IteratorOptions options);

  // The indices of the next batch. Empty at the end of the epoch if the object does not repeat.
  std::optional<Order> next();
  // The indices that next() will go on with, at most `count`, as far as they are known before the
  // next order is drawn, and no further than the end of the next epoch.
  Order upcoming(std::int64_t count) const;
  void reset();

  std::int64_t batch_size() const { return batch_size_; }
  bool repeat() const { return options_.repeat; }
  // The number of indices of an epoch: the size of the dataset, or of the sampler's first order.
  std::int64_t epoch_size() const;
  std::int64_t current_position() const { return current_position_; }
  std::int64_t epoch() const { return epoch_; }
  bool is_new_epoch() const { return is_new_epoch_; }
  double epoch_detail() const;
  std::optional<double> previous_epoch_detail() const;

  // In the format of Chainer's SerialIterator; also loads the format of older versions of Chainer.
  void serialize(Serializer& s);

 private:
  Order sample(const Order& order, std::int64_t position) const;
  void require_examples(const char* what, const Order& order) const;

  std::string op_;
  std::int64_t examples_, batch_size_;
  IteratorOptions options_;

  std::int64_t current_position_ = 0, epoch_ = 0;
  bool is_new_epoch_ = false;
  double previous_epoch_detail_ = -1;  // -1, in files too: none
  Order order_;                        // empty unless the order is sampled
};

}  // namespace nn::iterators
