#include "nn/iterators/serial_iterator.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "autograd/base/random.h"
#include "nn/serializers/serializer.h"

namespace nn::iterators {

using autograd::Array;
using autograd::Error;

SerialIterator::SerialIterator(datasets::AnyDataset dataset, std::int64_t batch_size,
                               Options options)
    : dataset_(std::move(dataset)), batch_size_(batch_size), options_(std::move(options)) {
  if (batch_size < 1)
    throw Error(
        fmt::format("SerialIterator: batch_size must be at least 1, but it is {}", batch_size));
  constexpr std::int64_t kMost = (std::int64_t{1} << 31) - 1;
  if (batch_size > kMost)
    throw Error(fmt::format("SerialIterator: batch_size must be at most {}, but it is {}", kMost,
                            batch_size));
  if (!options_.order_sampler && options_.shuffle)
    options_.order_sampler = [](const Order& order, std::int64_t) {
      return autograd::random::generator().permutation(static_cast<std::int64_t>(order.size()));
    };
  reset();
}

SerialIterator::Order SerialIterator::sample(const Order& order, std::int64_t position) const {
  Order next = options_.order_sampler(order, position);
  const std::int64_t n = dataset_->size();
  if (static_cast<std::int64_t>(next.size()) != n)
    throw Error(
        fmt::format("SerialIterator: an order must be as long as the dataset, but it has {} "
                    "indices and the dataset {} examples",
                    next.size(), n));
  for (std::int64_t i : next)
    if (i < 0 || i >= n)
      throw Error(fmt::format(
          "SerialIterator: an order must name examples of the {} there are, but it names {}", n,
          i));
  return next;
}

void SerialIterator::reset() {
  current_position_ = epoch_ = 0;
  is_new_epoch_ = false;
  previous_epoch_detail_ = -1;
  if (!options_.order_sampler) return;
  Order ascending(static_cast<std::size_t>(dataset_->size()));
  std::iota(ascending.begin(), ascending.end(), 0);
  order_ = sample(ascending, 0);
}

std::optional<SerialIterator::Order> SerialIterator::next_indices() {
  previous_epoch_detail_ = epoch_detail();
  if (!options_.repeat && epoch_ > 0) return {};
  const std::int64_t n = dataset_->size();
  if (options_.repeat && n == 0)
    throw Error("SerialIterator: a dataset to be repeated must have examples, but it has none");

  Order indices;
  const auto visit_until = [&](std::int64_t end) {
    for (; current_position_ < end; ++current_position_)
      indices.push_back(order_.empty() ? current_position_
                                       : order_[static_cast<std::size_t>(current_position_)]);
  };
  std::int64_t end = current_position_ + batch_size_;
  is_new_epoch_ = end >= n;
  while (end >= n) {
    const std::int64_t begin = current_position_;
    visit_until(n);
    if (options_.order_sampler) order_ = sample(order_, begin);
    ++epoch_;
    current_position_ = 0;
    end = options_.repeat ? end - n : 0;
    if (!options_.repeat) break;
  }
  visit_until(end);
  return indices;
}

std::optional<Arrays> SerialIterator::next() {
  const auto indices = next_indices();
  if (!indices) return {};
  return dataset_->gather(*indices);
}

double SerialIterator::epoch_detail() const {
  const std::int64_t n = dataset_->size();
  if (n == 0) return static_cast<double>(epoch_);
  return static_cast<double>(epoch_) +
         static_cast<double>(current_position_) / static_cast<double>(n);
}

std::optional<double> SerialIterator::previous_epoch_detail() const {
  if (previous_epoch_detail_ < 0) return {};
  return previous_epoch_detail_;
}

void SerialIterator::serialize(Serializer& s) {
  s("current_position", current_position_);
  s.count("epoch", epoch_);
  s("is_new_epoch", is_new_epoch_);
  const std::int64_t n = dataset_->size();
  if (options_.order_sampler) {
    // Older Chainers wrote it as _order.
    const bool old = !s.is_saving() && !s.contains("order") && s.contains("_order");
    const Array order =
        s.value(old ? "_order" : "order", Array::from(std::span<const std::int64_t>(order_)));
    const auto indices = order.to_vector<std::int64_t>();
    for (std::int64_t i : indices)
      if (i < 0 || i >= n)
        throw Error(
            fmt::format("SerialIterator: a loaded order must name examples of the {} there are, "
                        "but it names {}",
                        n, i));
    if (s.is_loading()) order_ = indices;
  }
  const std::int64_t position =
      s.is_saving() ? current_position_ : s.value("current_position", current_position_);
  if (position < 0 || position > n)
    throw Error(fmt::format(
        "SerialIterator: a loaded position must lie within the {} examples, but it is {}", n,
        position));
  if (s.is_saving() || s.contains("previous_epoch_detail")) {
    s.within("previous_epoch_detail", previous_epoch_detail_, -1,
             static_cast<double>(Serializer::kMostCount));
  } else if (s.is_loading()) {  // from a Chainer that did not write it
    const double before =
        static_cast<double>(epoch_) + static_cast<double>(current_position_ - batch_size_) /
                                          static_cast<double>(std::max<std::int64_t>(n, 1));
    previous_epoch_detail_ = epoch_detail() > 0 ? std::max(before, 0.) : -1.;
  }
}

}  // namespace nn::iterators
