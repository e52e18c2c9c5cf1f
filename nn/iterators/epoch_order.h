#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nn {
class Serializer;
}

namespace nn::iterators {

// Indices of examples.
using Order = std::vector<std::int64_t>;
// The next epoch's order, as long as the current one, given that and the position reached in it.
using OrderSampler = std::function<Order(const Order& order, std::int64_t position)>;

// Chainer's arguments of its iterators.
struct IteratorOptions {
  bool repeat = true;
  // Whether the order is drawn: one permutation of the generator of the process for each epoch.
  bool shuffle = true;
  OrderSampler order_sampler = {};  // gives it instead
};

// Which examples come next: the part of an iterator that counts and draws. An iterator of one's own
// has one, takes the examples at the indices that next() gives, and saves it.
//
// The first order is drawn when the object is made or reset, the next one when a batch reaches the
// end of an epoch. One that repeats fills that batch from the new order, so that all batches are of
// one size; another one ends the epoch with a shorter batch. All as Chainer's iterators do it.
class EpochOrder {
 public:
  // `op` begins the messages of errors. batch_size lies in [1, 2^31).
  EpochOrder(std::string op, std::int64_t examples, std::int64_t batch_size,
             IteratorOptions options);

  // Nothing at the end of an epoch, if it does not repeat.
  std::optional<Order> next();
  void reset();

  std::int64_t batch_size() const { return batch_size_; }
  bool repeat() const { return options_.repeat; }
  // How many indices an epoch has: those of the dataset, or of the sampler's first order.
  std::int64_t epoch_size() const;
  std::int64_t current_position() const { return current_position_; }
  std::int64_t epoch() const { return epoch_; }
  bool is_new_epoch() const { return is_new_epoch_; }
  double epoch_detail() const;
  std::optional<double> previous_epoch_detail() const;

  // As SerialIterator of Chainer, and of older Chainers.
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
